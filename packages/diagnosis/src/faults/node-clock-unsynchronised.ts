import { isUnsynchronised } from '../clock-memory.ts'
import { atStart, byCount, clocksWords } from '../clock-words.ts'
import type { Fault, View } from '../fault.ts'
import { agentKey, type FleetAgent } from '../fleet.ts'
import { sortedAgents } from '../ledger.ts'
import { paceOf } from '../pace-of-rounds.ts'
import { type Case, fleetRule } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { truth } from '../truth.ts'

type Unkept = Case & { agent: FleetAgent }

/** A daemon that has just started needs some minutes. */
const LASTING_SECONDS = 600

/** Agents whose time daemon says that it does not keep the clock. */
function unkept({ fleet }: View): Unkept[] {
  return sortedAgents(fleet.ledger, fleet.agents).flatMap((agent) => {
    const since = agent.clockMemory.unsynchronisedSince
    return since === null ? [] : [{ since, evidence: [], agent }]
  })
}

/** T-03. */
export const nodeClockUnsynchronised: Fault = {
  name: 'node-clock-unsynchronised',
  tier: 2,
  about:
    'The time daemon of a node says that it is not synchronised: the clock is right still, but nothing keeps it so. Chrony without `rtcsync` says so too.',
  cause:
    'The time daemon runs, but none of its sources answers, or it believes none of them. Chrony without `rtcsync` looks the same: it never tells the kernel.',
  remedy: 'Start the time daemon there, or give it a source that answers.',
  references: ['https://github.com/openshift/runbooks/issues/36'],
  notTakenFor: {
    'no-time-daemon': 'there no time daemon runs at all',
    'node-clock-wrong': 'there the clock is off already',
  },
  rules: [
    fleetRule<Unkept>({
      cases: unkept,
      signature: {
        'it has said so for ten minutes': ({ since, agent: { plan } }, { at }) =>
          truth(at - since >= LASTING_SECONDS * paceOf(plan)),
        'a time daemon runs there': ({ agent }) => truth(agent.facts?.timeKeeping?.daemon !== 'none'),
      },
      scope: (cases, _, { fleet }) => scopeOfNodes(fleet, [...new Set(cases.map(({ agent }) => agent.node))]),
      severity: 'info',
      title: 'Nothing keeps {clocks} right',
      story: '{Clocks} {are} right today, but nothing keeps {them} so.',
      confirm: ['on {node}: timedatectl show -p NTPSynchronized; chronyc -n tracking'],
      values: ({ scope: { nodes } }) => ({
        clocks: clocksWords(nodes),
        Clocks: atStart(clocksWords(nodes)),
        are: byCount(nodes, 'is', 'are'),
        them: byCount(nodes, 'it', 'them'),
      }),
    }),
  ],
  // After a restart of the aggregator the ten minutes begin anew: it goes on while the facts say the same.
  isOver: ({ scope }, { fleet }) =>
    [...fleet.nodes.keys()]
      .filter((name) => scope.kind === 'cluster' || scope.nodes.includes(name))
      .every((name) => !isUnsynchronised(fleet.agents.get(agentKey(name, 'host'))?.facts?.timeKeeping)),
  covers: [],
}
