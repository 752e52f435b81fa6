import { type Evidence, rcodeName } from '@oddnode/protocol'
import type { CellRow } from './fault.ts'
import { agentKey, type Fleet } from './fleet.ts'
import type { Cell } from './matrix.ts'
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
  const probes = agent.plan.probes.flatMap(({ target, transport, question }, probe) => {
    const { role, address } = agent.plan.targets[target] ?? {}
    const same = role === row.target.role && address === row.target.address
    return same && transport === row.transport && question === row.question ? [probe] : []
  })
  return probes.every((probe) => goodInARow(agent.windows, probe) >= fleet.thresholds.recoverySamples)
}
