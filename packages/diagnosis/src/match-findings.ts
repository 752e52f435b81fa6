import type { Finding } from '@oddnode/protocol'
import type { Candidate } from './fault.ts'
import { scopeKey } from './finding-id.ts'

export type Matched = { candidate: Candidate; finding: Finding | null }

/**
 * Says which known finding each candidate of one fault goes on with: the one on the same scope, else one about the same matter whose scope
 * has grown or shrunk; open ones before ended ones, older ones first. Each finding goes on once.
 */
export function matchFindings(
  known: readonly Finding[],
  candidates: readonly Candidate[],
): { matched: Matched[]; unmatched: Finding[] } {
  const left = new Set([...known].sort(openThenOldest))
  const found = new Map<Candidate, Finding>()
  for (const isSame of [isSameScope, isSameMatter]) {
    for (const candidate of candidates) {
      if (found.has(candidate)) continue
      const finding = [...left].find((one) => isSame(candidate, one))
      if (finding === undefined) continue
      left.delete(finding)
      found.set(candidate, finding)
    }
  }
  return {
    matched: candidates.map((candidate) => ({ candidate, finding: found.get(candidate) ?? null })),
    unmatched: [...left],
  }
}

function openThenOldest(a: Finding, b: Finding): number {
  const open = Number(a.ended !== null) - Number(b.ended !== null)
  return open || (`${a.since} ${a.id}` < `${b.since} ${b.id}` ? -1 : 1)
}

const isSameScope = (candidate: Candidate, finding: Finding): boolean =>
  scopeKey(candidate.scope) === scopeKey(finding.scope)

/** Whether both are about the same thing in part: common nodes, and common rows of the matrix where there are any. */
export function isSameMatter(candidate: Candidate, finding: Finding): boolean {
  const { nodes, subject } = candidate.scope
  const other = finding.scope
  const touches = nodes.length === 0 || other.nodes.length === 0 || nodes.some((node) => other.nodes.includes(node))
  if (!touches || subject?.pod !== other.subject?.pod) return false
  if (candidate.evidence.length === 0 && finding.evidence.length === 0) return true
  const rows = new Set(finding.evidence.map((row) => `${row.vantage} ${row.target.role} ${row.target.address}`))
  return candidate.evidence.some(({ cell }) => rows.has(`${cell.vantage} ${cell.target.role} ${cell.target.address}`))
}
