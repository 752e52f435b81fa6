import type { Cell } from '../cell.ts'
import { cellOf } from '../cell.ts'
import { cellIdsOf } from '../cell-ids.ts'
import { stateOf } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { agentKey } from '../fleet.ts'
import { columnKey } from '../ledger.ts'
import { type Case, nodeRule } from '../rule.ts'
import type { Sight } from '../sight.ts'
import { type ColumnPace, slowMedian } from '../slow-cells.ts'
import { truth } from '../truth.ts'
import { durationWords, listWords, targetWords } from '../words.ts'

type SlowCell = { cell: Cell; seconds: number; column: ColumnPace }
type Slow = Case & { slow: SlowCell[] }

const FEWEST_CELLS = 3

function slowCells({ fleet, node, agents }: Sight): Slow[] {
  const slow = (['host', 'pod'] as const).flatMap((vantage) => {
    const agent = agents[vantage]
    if (agent === null) return []
    const ids = cellIdsOf(fleet.ledger.cellIds, agent.plan)
    const slow = fleet.slow.agents.get(agentKey(node.name, vantage))
    if (slow?.plan !== agent.plan) return []
    return slow.probes.flatMap((probe): SlowCell[] => {
      const column = fleet.slow.columns.get(columnKey(ids[probe] ?? -1, vantage))
      const cell = cellOf(agent, probe)
      const seconds = column === undefined ? null : slowMedian(agent.windows, probe, column)
      return column === undefined || seconds === null || stateOf(cell) === 'failing' ? [] : [{ cell, seconds, column }]
    })
  })
  if (slow.length === 0) return []
  const since = slow.reduce((first, { cell }) => Math.min(first, oldestSample(cell)), Infinity)
  return [{ since, evidence: slow.map(({ cell }) => cell), slow }]
}

const oldestSample = ({ agent: { windows }, probe }: Cell): number =>
  windows.samples.takenAt[probe * windows.samples.size] as number

/** D-27. */
export const nodeDnsSlow: Fault = {
  name: 'node-dns-slow',
  tier: 2,
  about: 'DNS on a node gives right answers, but much later than on the other nodes.',
  cause:
    'Node-local DNS alone is slow: its CPU limit. Servers on other nodes alone: the network of the node. Everything: the node itself, for want of CPU.',
  remedy: 'Drain the node and look at its CPU, its network and the limits of its node-local DNS.',
  references: ['https://github.com/kubernetes/community/blob/master/sig-scalability/slos/dns_latency.md'],
  notTakenFor: { 'coredns-overloaded': 'there CoreDNS is slow for every node' },
  rules: [
    nodeRule<Slow>({
      cases: slowCells,
      signature: {
        'three probes take three times as long as on the others, and 10 ms more': ({ slow }) =>
          truth(slow.length >= FEWEST_CELLS),
      },
      sameness: ({ slow }) => [...new Set(slow.map(({ cell }) => cell.target.role))].sort().join(),
      severity: 'info',
      title: 'DNS on {nodes} is slow',
      story: 'DNS on {nodes} is right but slow from {targets}: {median}, on the others {usual}.',
      confirm: ['on {node}: mpstat 1 5; cat /proc/net/softnet_stat'],
      values: ({ cases }) => {
        const slow = cases.flatMap((one) => one.slow)
        const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0
        return {
          targets: listWords([...new Set(slow.map(({ cell }) => targetWords(cell.target)))], 3),
          median: durationWords(middle(slow.map(({ seconds }) => seconds))),
          usual: durationWords(middle(slow.map(({ column }) => column.median))),
        }
      },
    }),
  ],
  covers: [],
}
