import { type Evidence, type PlannedProbe, rcodeName } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import type { IsExplained } from './explained.ts'
import type { CellRow } from './fault.ts'
import { agentKey, type Fleet, type FleetAgent } from './fleet.ts'
import { goodInARow, probeState } from './window.ts'

/** Rows of the matrix as they stand now, each beside a healthy node's. */
export function evidenceRows(rows: readonly CellRow[]): Evidence[] {
  return rows.map(({ cell, healthy }) => {
    const state = probeState(cell.agent.windows, cell.probe)
    return {
      node: cell.node,
      vantage: cell.vantage,
      target: { role: cell.target.role, address: cell.target.address },
      transport: cell.planned.transport,
      question: cell.planned.question,
      state: state.state,
      outcome: state.outcome,
      rcode: state.rcode === null ? null : rcodeName(state.rcode),
      answered: state.answered,
      asked: state.asked,
      medianSeconds: state.medianSeconds,
      error: state.error,
      healthy: healthy === null ? null : healthyRow(healthy),
    }
  })
}

function healthyRow(cell: Cell): NonNullable<Evidence['healthy']> {
  const { rcode, answered, asked, medianSeconds } = probeState(cell.agent.windows, cell.probe)
  return { node: cell.node, rcode: rcode === null ? null : rcodeName(rcode), answered, asked, medianSeconds }
}

/**
 * Whether the cells of all rows are well again, by so many good samples in a row each. A cell that is not asked any more, because its node
 * or its target is gone, holds nothing up; one without fresh data does.
 */
export function areRecovered(fleet: Fleet, evidence: readonly Evidence[]): boolean {
  return evidence.every((row) => isRecovered(fleet, row))
}

/** The same for one row. */
export function isRecovered(fleet: Fleet, row: Evidence): boolean {
  if (!fleet.nodes.has(row.node)) return true
  const agent = fleet.agents.get(agentKey(row.node, row.vantage))
  if (agent === undefined) return false
  return probesOf(agent, row).every((probe) => goodInARow(agent.windows, probe) >= fleet.thresholds.recoverySamples)
}

/** Whether every probe of a row is accounted for. */
export function isRowExplained(fleet: Fleet, row: Evidence, isExplained: IsExplained): boolean {
  const agent = fleet.agents.get(agentKey(row.node, row.vantage))
  if (agent === undefined) return false
  const probes = probesOf(agent, row)
  return probes.length > 0 && probes.every((probe) => isExplained(agent, probe))
}

/** The same question asks who answers, too, once in a while: it would hold an end up for as long. */
const isRare = ({ question, edns }: Pick<PlannedProbe, 'question'> & { edns: PlannedProbe['edns'] }): boolean =>
  edns?.nsid === true && question !== 'identity'

function probesOf({ plan }: FleetAgent, row: Evidence): number[] {
  return plan.probes.flatMap(({ target, transport, question, edns }, probe) => {
    const { role, address } = plan.targets[target] ?? {}
    const same = role === row.target.role && address === row.target.address
    return same && transport === row.transport && question === row.question && !isRare({ question, edns })
      ? [probe]
      : []
  })
}
