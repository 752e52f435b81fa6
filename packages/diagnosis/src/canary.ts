import { type State, states, type Target } from '@oddnode/protocol'
import { comparedAnswers } from './answers.ts'
import { type Cell, cellOf } from './cell.ts'
import type { Fleet } from './fleet.ts'
import { sortedAgents } from './ledger.ts'

/** The agents' own headless Service, whose addresses the API tells. */
export type Canary = {
  addresses: readonly string[]
  /** What an answer with these addresses compares as. */
  compared: number
  /** When they last changed, on the aggregator's clock. */
  changedAt: number
}

/** Three times the TTL and what a cache keeps: after a change every server may answer as before for so long. */
export const SETTLED_SECONDS = 105

/** It may have changed too lately for everybody to have heard, and been asked again. */
export function isSettling(
  { cluster }: Fleet,
  { plan }: Pick<Cell['agent'], 'plan'>,
  probe: number,
  at: number,
): boolean {
  const planned = plan.probes[probe]
  if (planned?.question !== 'canary') return false
  return at - (cluster?.canary?.changedAt ?? -Infinity) < SETTLED_SECONDS + 2 * planned.everySeconds
}

/** Null where it is not known. Without addresses it has no name to ask for. */
export function canaryOf({ cluster }: Fleet): Canary | null {
  if (cluster === null || cluster.canary === null || cluster.canary.addresses.length === 0) return null
  const { addresses, changedAt } = cluster.canary
  return { addresses, compared: comparedAnswers('canary', addresses.toSorted()), changedAt }
}

/** A server, and who was answered well by it for the canary: with the addresses of now, or with others. */
export type CanaryServer = { target: Target; fresh: Cell[]; old: Cell[] }

/** Whether any server of a role answers something else than the API says: of most fleets none does. */
export function isAnyOld({ ledger }: Fleet, role: Target['role'], { compared }: Canary): boolean {
  return [...ledger.columns.values()].some(
    ({ question, target, answers }) =>
      question === 'canary' && target.role === role && [...answers.keys()].some((one) => one !== compared),
  )
}

/** What CoreDNS pods or caches answered well since the last change. */
export function canaryServers(fleet: Fleet, role: Target['role'], { compared, changedAt }: Canary): CanaryServer[] {
  const servers = new Map<string, CanaryServer>()
  for (const agent of sortedAgents(fleet.ledger, fleet.agents)) {
    for (const [probe, { question }] of agent.plan.probes.entries()) {
      if (question !== 'canary') continue
      const cell = cellOf(agent, probe)
      if (cell.target.role !== role || !isAnswered(cell) || answeredAt(cell) <= changedAt) continue
      const server = servers.get(cell.target.address) ?? { target: cell.target, fresh: [], old: [] }
      servers.set(cell.target.address, server)
      server[agent.windows.compared[probe] === compared ? 'fresh' : 'old'].push(cell)
    }
  }
  return [...servers.values()]
}

const answered: readonly State[] = ['ok', 'degraded']
const isAnswered = ({ agent: { windows }, probe }: Cell): boolean =>
  answered.includes(states[windows.state[probe] as number] as State)

/** When a cell was last answered well, on the aggregator's clock. */
export const answeredAt = ({ agent, probe }: Cell): number => agent.windows.goodAt[probe] as number
