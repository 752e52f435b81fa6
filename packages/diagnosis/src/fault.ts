import type { Confidence, Finding, Scope, Severity } from '@oddnode/protocol'
import type { OddCell } from './differences.ts'
import type { Fleet } from './fleet.ts'
import type { Cell } from './matrix.ts'

/** What the signatures look at: the fleet, and what is odd in its matrix. */
export type View = {
  fleet: Fleet
  /** Seconds on the aggregator's clock. */
  at: number
  oddCells: readonly OddCell[]
}

/** A cell beside a healthy node's. */
export type CellRow = { cell: Cell; healthy: Cell | null }

/** A fault on a scope, as it shows now. */
export type Candidate = {
  scope: Scope
  severity: Severity
  confidence: Confidence
  title: string
  /** One sentence. */
  story: string
  /** When it began, in seconds on the aggregator's clock. */
  since: number
  evidence: readonly CellRow[]
  /** Commands that confirm it, each with where to run it. */
  confirm: readonly string[]
  remedy: string
}

/**
 * An entry of the catalogue: a cause with a signature. One file under `faults/` each.
 */
export type Fault = {
  /** Its file's name, and the value of `Finding.fault`; never changes meaning. */
  name: string
  /** 1 comes first, 2 is reproducible, 3 needs hardware or a cloud. */
  tier: 1 | 2 | 3
  references: readonly string[]
  /** Where the fault shows now, in a fixed order. Pure. */
  signature: (view: View) => Candidate[]
  /** An open finding does not show any more: whether what it stands on is well again. Without fresh data it is not. */
  isOver: (finding: Finding, view: View) => boolean
  /** Whether it explains another finding that is open at the same time. */
  covers: (finding: Finding, other: Finding) => boolean
}
