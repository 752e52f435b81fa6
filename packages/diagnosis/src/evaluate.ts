import type { Finding } from '@oddnode/protocol'
import { hasTooMany } from './cell-ids.ts'
import { coversOf } from './covers.ts'
import { areRecovered, evidenceRows, isRowExplained } from './evidence.ts'
import type { IsExplained } from './explained.ts'
import type { Candidate, Fault, View } from './fault.ts'
import { faults } from './faults/registry.ts'
import { findingId } from './finding-id.ts'
import type { Fleet } from './fleet.ts'
import { falloutSeconds, isHeldBack, LINGER_SECONDS } from './held-back.ts'
import { askAgain, readInAgent } from './in-agent.ts'
import { createLedger } from './ledger.ts'
import { allFound, explainer, type Found, lookAround } from './look.ts'
import { isSameMatter, type Matched, matchFindings, rowKey } from './match-findings.ts'

import { fleetPace } from './pace-of-rounds.ts'
import type { AnyRule } from './rule.ts'
import { createSlowCells } from './slow-cells.ts'
import { tellingOf } from './telling.ts'
import { instant } from './words.ts'
import { worstFirst } from './worst-first.ts'

/** What an evaluation changed, in the order of ids. */
export type FindingChanges = {
  opened: Finding[]
  updated: Finding[]
  ended: Finding[]
  /** Nodes that changed and could not be looked at yet: the next tick should come soon. */
  waiting: number
  /** Nodes on which something is odd: what it is may be decided without another change of a state. */
  odd: number
}

/**
 * Works out all findings as of `at`, and keeps who they are: one that goes on keeps its id and its start, one that comes back within
 * `flappingSeconds` is the same one reopened, one that ended longer ago is forgotten here.
 */
export function evaluate(fleet: Fleet, at: number): FindingChanges {
  fleet.now = Math.max(fleet.now, at)
  const before = new Map(fleet.findings)
  forget(fleet, at)
  if (hasTooMany(fleet.ledger.cellIds)) countAnew(fleet)
  const view: View = { fleet, at }
  const { waiting, odd, isTold } = lookAround(faults, view)
  if (!isTold) return { ...changesSince(before, fleet.findings), waiting, odd }
  const found = allFound(fleet)
  const isExplained = explainer(fleet)
  const byRule = Map.groupBy(found, ({ rule }) => rule)
  const known = Map.groupBy(fleet.findings.values(), (finding) => finding.fault)
  const settling = faults.map((fault) => ({
    fault,
    ...matchFindings(known.get(fault.name) ?? [], candidatesOf(fault, byRule, isExplained, view)),
  }))
  settle(settling, isExplained, view)
  cover(fleet)
  return { ...changesSince(before, fleet.findings), waiting, odd }
}

/** The numbers of cells are given anew, and with them all that is counted by them. */
function countAnew(fleet: Fleet): void {
  fleet.ledger = createLedger()
  fleet.slow = createSlowCells()
}

/** What a fault's rules found, told as one where it is the same. */
function candidatesOf(
  fault: Fault,
  found: ReadonlyMap<AnyRule, readonly Found[]>,
  isExplained: IsExplained,
  view: View,
): Candidate[] {
  const told = fault.rules.flatMap((rule) => {
    const matches = (found.get(rule) ?? []).map(({ match }) => match)
    const places =
      rule.looksAt === 'target'
        ? Map.groupBy(matches, ({ place, sameness }) => `${place}\n${sameness}`)
        : Map.groupBy(matches, ({ sameness }) => sameness)
    return [...places.values()].map((alike) => rule.tell(alike, view, fault))
  })
  return [...told, ...(fault.candidates?.(view, isExplained) ?? [])]
}

/** What a fault shows now, beside what was known of it. */
type Settling = { fault: Fault } & ReturnType<typeof matchFindings>

/** Goes on with, ends, opens and reopens findings: first those that are known, since a new one may have to wait for them. */
function settle(settling: readonly Settling[], isExplained: IsExplained, view: View): void {
  const { fleet, at } = view
  const tell = (fault: Fault, { candidate, finding }: Matched) => {
    const next = findingOf(fault, candidate, finding, view)
    fleet.findings.set(next.id, next)
    if (finding !== null && !isNews(finding))
      for (const name of nodesLeft(fleet, finding, next)) fleet.leftAt.set(name, at)
  }
  for (const { fault, matched } of settling) {
    for (const match of matched) if (!isNews(match.finding)) tell(fault, match)
  }
  for (const { fault, matched, unmatched } of settling) {
    for (const finding of unmatched) {
      if (finding.ended !== null) continue
      const merged = matched.some(({ candidate }) => isSameMatter(candidate, finding))
      if (merged || isOver(fault, finding, isExplained, view))
        fleet.findings.set(finding.id, { ...finding, ended: instant(at) })
    }
  }
  for (const { fault, matched } of settling) {
    for (const match of matched)
      if (isNews(match.finding) && !isHeldBack(match.candidate, fault, view)) tell(fault, match)
  }
}

/** Nodes that a finding named and names no more, or of which it shows less: a fault that ends does so node by node and server by server. */
function nodesLeft({ nodes }: Fleet, before: Finding, after: Finding): string[] {
  const shown = new Set(after.evidence.map(rowKey))
  const shrunk = before.evidence.filter((row) => !shown.has(rowKey(row))).map(({ node }) => node)
  if (after.scope.kind === 'cluster') return shrunk
  const named = before.scope.kind === 'cluster' ? [...nodes.keys()] : before.scope.nodes
  return [...shrunk, ...named.filter((name) => !after.scope.nodes.includes(name))]
}

const isNews = (finding: Finding | null): boolean => finding === null || finding.ended !== null

/** Well again by the fault's own measure; or what is left of it has another explanation. */
function isOver(fault: Fault, finding: Finding, isExplained: IsExplained, view: View): boolean {
  if (fault.isOver !== undefined) return fault.isOver(finding, view, isExplained)
  const silentFor = view.at - Date.parse(finding.lastSeen) / 1000
  const lingerSeconds = LINGER_SECONDS * fleetPace(view.fleet)
  const left = finding.evidence.filter(
    (row) => silentFor < lingerSeconds || !isRowExplained(view.fleet, row, isExplained),
  )
  return areRecovered(view.fleet, left)
}

function findingOf(fault: Fault, candidate: Candidate, known: Finding | null, view: View): Finding {
  const { scope, confidence, cause, confirm, remedy } = candidate
  const since = instant(candidate.since)
  const reopened = (known?.reopened ?? 0) + (known !== null && known.ended !== null ? 1 : 0)
  const { severity, title, story } = tellingOf(view, candidate, reopened)
  return {
    id: known?.id ?? findingId(fault.name, scope, candidate.since),
    fault: fault.name,
    severity,
    scope,
    title,
    story,
    since: known !== null && known.since < since ? known.since : since,
    lastSeen: instant(view.at),
    ended: null,
    confidence,
    reopened,
    evidence: evidenceRows(candidate.evidence),
    cause,
    confirm: [...askAgain(view.fleet, candidate.evidence), ...confirm.map((line) => readInAgent(view.fleet, line))],
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
      const others = open.filter((other) => other !== finding && coversOf(fault, finding, other, fleet))
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
  for (const [name, leftAt] of fleet.leftAt) {
    if (at - leftAt > fleet.thresholds.flappingSeconds) fleet.leftAt.delete(name)
  }
}

function changesSince(
  before: ReadonlyMap<string, Finding>,
  after: ReadonlyMap<string, Finding>,
): Omit<FindingChanges, 'waiting' | 'odd'> {
  const changes: Omit<FindingChanges, 'waiting' | 'odd'> = { opened: [], updated: [], ended: [] }
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

/**
 * The findings that a reader is shown: open, and not explained by another open one; `worstFirst`. What looks back, as a share of lost
 * queries does, is explained by what has just ended, too.
 */
export function visibleFindings(fleet: Fleet): Finding[] {
  const findings = [...fleet.findings.values()]
  const covering = findings.filter(
    ({ ended }) => ended === null || fleet.now - Date.parse(ended) / 1000 <= falloutSeconds(fleet),
  )
  const isCovered = ({ id, fault }: Finding): boolean =>
    covering.some(({ covers, ended }) => covers.includes(id) && (ended === null || looksBack.has(fault)))
  const open = findings.filter(({ ended }) => ended === null)
  return open.filter((finding) => !isCovered(finding)).sort(worstFirst)
}

const looksBack: ReadonlySet<string> = new Set(faults.flatMap(({ name, looksBack }) => (looksBack ? [name] : [])))
