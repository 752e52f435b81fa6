import type { Evidence, Finding } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
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
  if (candidate.evidence.length === 0 && finding.evidence.length === 0)
    return subject?.address === other.subject?.address
  const rows = new Set(finding.evidence.map((row) => `${row.vantage} ${row.target.role} ${row.target.address}`))
  return candidate.evidence.some(({ cell }) => rows.has(`${cell.vantage} ${cell.target.role} ${cell.target.address}`))
}

/** Whether a row of the matrix stands in both. */
export function sharesRow(candidate: Candidate, finding: Finding): boolean {
  const rows = new Set(finding.evidence.map((row) => rowKey(row)))
  return candidate.evidence.some(({ cell }) => rows.has(rowKey({ ...cell, ...cell.planned, target: cell.target })))
}

type Row = Pick<Evidence, 'node' | 'vantage' | 'transport' | 'question'> & {
  target: Pick<Cell['target'], 'role' | 'address'>
}

/** Tells a row of the matrix from every other one. */
export const rowKey = ({ node, vantage, target, transport, question }: Row): string =>
  [node, vantage, target.role, target.address, transport, question].join(' ')
