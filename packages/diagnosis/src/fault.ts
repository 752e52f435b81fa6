import type { Confidence, Finding, Scope, Severity } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import type { IsExplained } from './explained.ts'
import type { Fleet } from './fleet.ts'
import type { AnyRule } from './rule.ts'

/** What the whole fleet looks like at an instant. */
export type View = {
  fleet: Fleet
  /** Seconds on the aggregator's clock. */
  at: number
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
  /** The likely cause, in one or two sentences. */
  cause: string
  /** Commands that confirm it, each with where to run it. */
  confirm: readonly string[]
  remedy: string
}

/** Where a finding explains another one that is open at the same time. */
export type Cover = {
  /** Names of faults; `all` of them. */
  faults: readonly string[] | 'all'
  on: CoverPlace
}

/**
 * `same-nodes`: on nodes that this one names, or anywhere if this one is about the cluster; `same-pods`: the same, as far as its evidence is
 * from the pod vantage; `silent-agent`: the same, as far as its evidence is from the agent that this one is about; `same-target`: about the
 * server that this one is about; `same-rows`: a row of the matrix shows both; `hosted`: about a server that runs on these nodes;
 * `anywhere`: wherever it is.
 */
export type CoverPlace =
  | 'same-nodes'
  | 'same-pods'
  | 'silent-agent'
  | 'same-target'
  | 'same-rows'
  | 'hosted'
  | 'anywhere'

/**
 * An entry of the catalogue: a cause with a signature. One file under `faults/` each.
 */
export type Fault = {
  /** Its file's name, and the value of `Finding.fault`; never changes meaning. */
  name: string
  /** 1 comes first, 2 is reproducible, 3 needs hardware or a cloud. */
  tier: 1 | 2 | 3
  /** What it is, in one or two sentences. */
  about: string
  /**
   * Why it comes about in practice, and what tells the possible reasons apart: one or two sentences, with `{word}` where a value of the
   * rules goes. What a finding of it calls the likely cause, unless its rule knows better.
   */
  cause: string
  /** What to do about it. */
  remedy: string
  references: readonly string[]
  /** Look-alikes by name, and what tells each from this one. */
  notTakenFor: Readonly<Record<string, string>>
  /** The forms in which it shows. */
  rules: readonly AnyRule[]
  /** What rules cannot say: it shows where nothing is seen, or where nothing else explains what is. After all rules of all faults. */
  candidates?: (view: View, isExplained: IsExplained) => Candidate[]
  /**
   * An open finding does not show any more: whether what it stands on is well again. Without fresh data it is not. Absent: each of its rows
   * has so many good samples in a row (`recoverySamples`).
   */
  isOver?: (finding: Finding, view: View, isExplained: IsExplained) => boolean
  /** It goes by what was counted over minutes: another fault that has ended shows in that for a while. */
  looksBack?: true
  covers: readonly Cover[]
}
