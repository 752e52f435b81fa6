import type { Finding } from '@oddnode/protocol'
import { boundCellIds } from './cell-ids.ts'
import { oddCells } from './differences.ts'
import { evidenceRows } from './evidence.ts'
import type { Candidate, Fault, View } from './fault.ts'
import { faults } from './faults/registry.ts'
import { findingId } from './finding-id.ts'
import type { Fleet } from './fleet.ts'
import { isSameMatter, matchFindings } from './match-findings.ts'
import { oddColumns } from './matrix.ts'
import { instant } from './words.ts'

/** What an evaluation changed, in the order of ids. */
export type FindingChanges = { opened: Finding[]; updated: Finding[]; ended: Finding[] }

/**
 * Works out all findings as of `at`, and keeps who they are: one that goes on keeps its id and its start, one that comes back within
 * `flappingSeconds` is the same one reopened, one that ended longer ago is forgotten here.
 */
export function evaluate(fleet: Fleet, at: number): FindingChanges {
  fleet.now = Math.max(fleet.now, at)
  const before = new Map(fleet.findings)
  boundCellIds(fleet.cellIds)
  forget(fleet, at)
  const view: View = { fleet, at, oddCells: oddCells(oddColumns(fleet), fleet.thresholds, at) }
  for (const fault of faults) settle(fault, view)
  cover(fleet)
  return changesSince(before, fleet.findings)
}

/** Opens, goes on with, reopens and ends the findings of one fault. */
function settle(fault: Fault, view: View): void {
  const { fleet, at } = view
  const known = [...fleet.findings.values()].filter((finding) => finding.fault === fault.name)
  const { matched, unmatched } = matchFindings(known, fault.signature(view))
  for (const { candidate, finding } of matched) {
    const next = findingOf(fault, candidate, finding, at)
    fleet.findings.set(next.id, next)
  }
  for (const finding of unmatched) {
    if (finding.ended !== null) continue
    const merged = matched.some(({ candidate }) => isSameMatter(candidate, finding))
    if (merged || fault.isOver(finding, view))
      fleet.findings.set(finding.id, { ...finding, covers: [], ended: instant(at) })
  }
}

function findingOf(fault: Fault, candidate: Candidate, known: Finding | null, at: number): Finding {
  const { scope, severity, title, story, confidence, confirm, remedy } = candidate
  const since = instant(candidate.since)
  return {
    id: known?.id ?? findingId(fault.name, scope, candidate.since),
    fault: fault.name,
    severity,
    scope,
    title,
    story,
    since: known !== null && known.since < since ? known.since : since,
    lastSeen: instant(at),
    ended: null,
    confidence,
    reopened: (known?.reopened ?? 0) + (known !== null && known.ended !== null ? 1 : 0),
    evidence: evidenceRows(candidate.evidence),
    confirm: [...confirm],
    remedy,
    references: [...fault.references],
    covers: [],
  }
}

/** Lets each open finding name those that it explains; of two that could explain each other the earlier in the catalogue does. */
function cover(fleet: Fleet): void {
  const open = [...fleet.findings.values()].filter(({ ended }) => ended === null)
  const covers = new Map<string, string[]>()
  for (const fault of faults) {
    for (const finding of open.filter((one) => one.fault === fault.name)) {
      const others = open.filter((other) => other !== finding && fault.covers(finding, other))
      const ids = others.map(({ id }) => id).filter((id) => !covers.get(id)?.includes(finding.id))
      covers.set(finding.id, ids.sort())
    }
  }
  for (const finding of open) {
    const ids = covers.get(finding.id) ?? []
    if (ids.join() !== finding.covers.join()) fleet.findings.set(finding.id, { ...finding, covers: ids })
  }
}

function forget(fleet: Fleet, at: number): void {
  for (const [id, { ended }] of fleet.findings) {
    if (ended !== null && at - Date.parse(ended) / 1000 > fleet.thresholds.flappingSeconds) fleet.findings.delete(id)
  }
}

function changesSince(before: ReadonlyMap<string, Finding>, after: ReadonlyMap<string, Finding>): FindingChanges {
  const changes: FindingChanges = { opened: [], updated: [], ended: [] }
  for (const finding of [...after.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const known = before.get(finding.id)
    if (known === finding) continue
    if (finding.ended !== null) changes.ended.push(finding)
    else if (known === undefined || known.ended !== null) changes.opened.push(finding)
    else if (gist(known) !== gist(finding)) changes.updated.push(finding)
  }
  return changes
}

/** What makes a finding worth telling anew: not that it was seen again, nor that a median moved. */
function gist({ lastSeen: _, evidence, ...rest }: Finding): string {
  const rows = evidence.map(({ node, vantage, target, transport, question, state, outcome, rcode }) =>
    [node, vantage, target.role, target.address, transport, question, state, outcome, rcode].join(' '),
  )
  return JSON.stringify([rest, rows])
}

const worstFirst = ['critical', 'warning', 'info']

/** The findings that a reader is shown: open, and not explained by another open one; worst first, then oldest. */
export function visibleFindings(fleet: Fleet): Finding[] {
  const open = [...fleet.findings.values()].filter(({ ended }) => ended === null)
  const covered = new Set(open.flatMap(({ covers }) => covers))
  const key = ({ severity, since, id }: Finding) => `${worstFirst.indexOf(severity)} ${since} ${id}`
  return open.filter(({ id }) => !covered.has(id)).sort((a, b) => (key(a) < key(b) ? -1 : 1))
}
