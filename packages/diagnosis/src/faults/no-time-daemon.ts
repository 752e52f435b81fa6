import { clockDrifts } from '../clock-drift.ts'
import { isUnsynchronised } from '../clock-memory.ts'
import { isClockMeasured } from '../clock-offsets.ts'
import { clockVerdictOf } from '../clock-verdict.ts'
import type { Fault, View } from '../fault.ts'
import { agentKey, type Fleet, type FleetAgent } from '../fleet.ts'
import { sortedAgents } from '../ledger.ts'
import { type Case, fleetRule } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { hasListened } from '../silence.ts'
import { truth } from '../truth.ts'
import { isDrifting, nodeClockDrifting } from './node-clock-drifting.ts'

type Alone = Case & { agent: FleetAgent }

/** Hosts on which a time daemon was looked for, and none is. */
function alone({ fleet }: View): Alone[] {
  return sortedAgents(fleet.ledger, fleet.agents).flatMap((agent) =>
    agent.facts?.timeKeeping?.daemon === 'none' ? [{ since: agent.firstSeen, evidence: [], agent }] : [],
  )
}

/** The clock shows it: by its own word, because it drifts, or because it is off already. */
function isUnkept({ agent: { facts, node } }: Alone, view: View): boolean {
  if (isUnsynchronised(facts?.timeKeeping)) return true
  if (clockDrifts(view).some((drift) => drift.node === node && isDrifting(drift, view))) return true
  return clockVerdictOf(view).wrong.some((clock) => clock.node === node && clock.contradictedBy === null)
}

/** T-11. */
export const noTimeDaemon: Fault = {
  name: 'no-time-daemon',
  tier: 2,
  about: 'No time daemon runs on a node, and its clock shows it. A clock that the hypervisor keeps right is no fault.',
  cause:
    'The image of the node brings no time daemon, or it is not enabled, and the platform does not set the clock either.',
  remedy: 'Put chrony into the image of the node.',
  references: ['https://github.com/NVIDIA/deepops/issues/469'],
  notTakenFor: { 'node-clock-unsynchronised': 'there a time daemon runs' },
  rules: [
    fleetRule<Alone>({
      cases: alone,
      signature: {
        'the clock drifts, is off, or is said to be unsynchronised': (one, view) => truth(isUnkept(one, view)),
      },
      scope: (cases, _, { fleet }) =>
        scopeOfNodes(
          fleet,
          cases.map(({ agent }) => agent.node),
        ),
      severity: 'warning',
      title: 'No time daemon runs on {nodes}',
      story: 'No time daemon runs on {nodes}: nobody sets {its} clock.',
      confirm: ["on {node}: systemctl list-units '*chron*' '*timesync*' 'ntp*'"],
      values: ({ scope }) => ({ its: scope.kind === 'group' ? 'their' : 'its' }),
    }),
  ],
  isOver: ({ scope }, { fleet, at }) =>
    [...fleet.nodes.keys()]
      .filter((name) => scope.kind === 'cluster' || scope.nodes.includes(name))
      .every((name) => hasDaemon(fleet, name) || (hasListened(fleet, at) && isSeenWell(fleet, name, at))),
  covers: [{ faults: ['node-clock-drifting'], on: 'same-nodes' }],
}

const hasDaemon = ({ agents }: Fleet, node: string): boolean =>
  agents.get(agentKey(node, 'host'))?.facts?.timeKeeping?.daemon !== 'none'

/** It is measured, and is not known to drift: that takes longer to see than a restart of the aggregator does. */
const isSeenWell = (fleet: Fleet, name: string, at: number): boolean =>
  isClockMeasured(fleet, name, at) &&
  ![...fleet.findings.values()].some(
    ({ fault, ended, scope }) => fault === nodeClockDrifting.name && ended === null && scope.nodes.includes(name),
  )
