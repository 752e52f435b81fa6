import type { Role, Target, Transport } from '@oddnode/protocol'
import { agentAlone } from './askers.ts'
import { dead, loss } from './cell-truth.ts'
import { type Lost, lostOfKept } from './chance.ts'
import type { View } from './fault.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { lostQueries } from './lost-queries.ts'
import { columnsOf } from './peers.ts'
import { cellsOf } from './sight.ts'

/**
 * The share of its queries that a ClusterIP loses because of CoreDNS pods: the mean of what each loses to those of the agent that go there
 * directly; of a pod that it does not ask, what most others see. 0 to 1; 0 without pods.
 */
export function lossOfPods(fleet: Fleet, agent: FleetAgent, transport?: Transport): number {
  const pods = endpointsOf(fleet)
  return pods.reduce((sum, pod) => sum + lossOfPod(fleet, agent, pod, transport), 0) / Math.max(1, pods.length)
}

/** The CoreDNS pods that anybody asks. */
export const endpointsOf = ({ ledger }: Pick<Fleet, 'ledger'>): Target[] =>
  [...ledger.byTarget.values()].flatMap(([column]) => (column?.target.role === 'endpoint' ? [column.target] : []))

function lossOfPod(fleet: Fleet, agent: FleetAgent, pod: Target, transport?: Transport): number {
  const cells = cellsTo(agent, pod, transport)
  if (cells.length === 0) return isDown(fleet, pod) ? 1 : 0
  // While it is not decided yet it counts as lost.
  return dead(cells) === 'no' ? (loss(cells) ?? 0) : 1
}

/** Most of those who ask it get nothing. */
export function isDown(fleet: Fleet, target: Target): boolean {
  const columns = columnsOf(fleet, target).filter(({ question }) => question === 'kubernetes')
  return columns.length > 0 && columns.every(({ ok, degraded, failing }) => failing > ok + degraded)
}

/** Fewer queries are no share. */
const FEWEST_ASKED = 5
/** What loses more is cut off. */
const ALTOGETHER = 0.9

/** Servers that seem cut off, as an agent sees them: over which transport, and since when in seconds on the aggregator's clock. */
export type SeeminglyCut = { transport: Transport; servers: readonly Pick<Target, 'address'>[]; since: number }

/**
 * The share that an agent loses of its queries to single servers: the largest of any since these seem cut off, and of the others in ten
 * minutes. What loses all is left out: it is cut off, while a way that loses packets loses them to whatever server. 0 where nothing is lost.
 */
export function lossOnTheWay({ at }: View, agent: FleetAgent, cut: SeeminglyCut): number {
  const shares = (roles: readonly Role[]): number[] =>
    agent.plan.targets
      .filter(({ role }) => roles.includes(role))
      .flatMap((target) => [lostSince(agent, target, cut), lostInTenMinutes(agent, target, cut, at)])
      .filter(({ asked, lost }) => asked >= FEWEST_ASKED && lost < ALTOGETHER * asked)
      .map(({ asked, lost }) => lost / asked)
  const single = shares(['endpoint', 'upstream'])
  // A ClusterIP loses what the pods lose that it leads to, and node-local DNS what the servers lose that it asks.
  return Math.max(0, ...(single.length > 0 ? single : shares(['cluster-dns', 'cluster-dns-upstream'])))
}

const lostSince = (agent: FleetAgent, target: Target, { transport, since }: SeeminglyCut): Lost =>
  lostOfKept(cellsTo(agent, target, transport), since)

/** Of the servers themselves that time is mostly from before. */
function lostInTenMinutes(
  agent: FleetAgent,
  { role, address }: Target,
  { transport, servers }: SeeminglyCut,
  at: number,
): Lost {
  const isCut = servers.some((server) => server.address === address)
  if (isCut || dead(cellsTo(agent, { role, address }, transport)) === 'yes') return { lost: 0, asked: 0 }
  const lines = lostQueries({ agents: agentAlone(agent).agents, at }, agent.vantage, transport)
  return lines.find((line) => line.role === role && line.address === address) ?? { lost: 0, asked: 0 }
}

const cellsTo = (agent: FleetAgent, { role, address }: Pick<Target, 'role' | 'address'>, transport?: Transport) =>
  cellsOf(agentAlone(agent), {
    vantage: agent.vantage,
    role,
    address,
    ...(transport === undefined ? {} : { transport }),
  })
