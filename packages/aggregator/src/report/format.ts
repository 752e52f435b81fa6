import type { ClusterCheck, Evidence, ReportNode, ReportProbe, Scope, State, TargetOrigin } from '@oddnode/protocol'
import { byName } from './model/name-order.ts'

/** One glyph for each state: the page and the text need no colour. */
export const glyphs: Readonly<Record<State, string>> = { ok: '✓', degraded: '▲', failing: '✕', 'no-data': '·' }

/** States from the worst to the best; what is not known stands before what is well. */
export const worstFirst: readonly State[] = ['failing', 'degraded', 'no-data', 'ok']

/** Where a target was learnt, after "from". */
export const originText: Readonly<Record<TargetOrigin, string>> = {
  configuration: 'the configuration',
  'resolv.conf': 'resolv.conf',
  'local-address': "the node's addresses",
  environment: 'the environment',
  kubernetes: 'Kubernetes',
}

/** Seconds in the unit that people read: `0.3 ms`, `45 ms`, `1.2 s`. */
export function durationText(seconds: number): string {
  const milliseconds = seconds * 1000
  if (milliseconds < 0.095) return `${significant(milliseconds * 1000)} µs`
  return milliseconds < 999.5 ? `${significant(milliseconds)} ms` : `${significant(seconds)} s`
}

/** The same of what was asked and may have got no answer. */
export const medianText = (seconds: number | null): string => (seconds === null ? '–' : durationText(seconds))

/** Two digits, or all before the point. */
const significant = (value: number) => (value < 9.95 ? String(Number(value.toPrecision(2))) : String(Math.round(value)))

/** An offset with its sign, + = ahead: `+0.3 ms`, `−94 s`. */
export function offsetText(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${durationText(Math.abs(seconds))}`
}

/** `+0.3 ms ± 1.1 ms` */
export const readingText = (offsetSeconds: number, uncertaintySeconds: number): string =>
  `${offsetText(offsetSeconds)} ± ${durationText(uncertaintySeconds)}`

/** One line for each server about whose time two implementations disagree beyond both uncertainties: neither reading counts. */
export function disagreements({ name, clock: { samples } }: Pick<ReportNode, 'name' | 'clock'>): string[] {
  return samples.flatMap(({ reference, offsetSeconds, uncertaintySeconds, secondOpinion: second }) => {
    if (second === null || second.agrees || offsetSeconds === null || uncertaintySeconds === null) return []
    const readings = `${readingText(offsetSeconds, uncertaintySeconds)} and ${readingText(second.offsetSeconds, second.uncertaintySeconds)}`
    return [`${name}: two implementations disagree about ${reference}: ${readings}, so neither counts`]
  })
}

/** `2026-11-21 09:29:12 UTC` */
export const timeText = (instant: string) => `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`

/** How long ago, or for how long, in one unit: `12 s`, `5 min`, `3 h`, `2 d`. */
export function spanText(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))
  if (seconds < 100) return `${seconds} s`
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

type Seen = Pick<
  ReportProbe,
  'state' | 'reason' | 'outcome' | 'outcomes' | 'rcode' | 'answered' | 'asked' | 'medianSeconds'
>

/** What a probe saw, in a few words: `0.3 ms`, `timeout 0/5`, `SERVFAIL 5/5`, `not looked at`. */
export function seenText(seen: Seen): string {
  const { state, reason, answered, asked, medianSeconds } = seen
  if (state === 'no-data')
    return reason === 'inconclusive' ? `${troubleOf(seen)} ${answered}/${asked}, settles nothing` : reasonText(reason)
  if (state === 'ok') return medianSeconds === null ? `${answered}/${asked}` : durationText(medianSeconds)
  return `${troubleOf(seen)} ${answered}/${asked}`
}

/** What is not well: the commonest outcome other than an answer, else the RCODE. Where it fails and most were answered, the answers do. */
function troubleOf({ state, outcome, outcomes, rcode }: Seen): string {
  if (state === 'failing' && outcome === 'answered' && rcode !== null && rcode !== 'NOERROR') return rcode
  const [worst] = Object.entries(outcomes)
    .filter(([other]) => other !== 'answered')
    .toSorted(([, a], [, b]) => b - a)
  return worst?.[0] ?? rcode ?? outcome ?? 'unknown'
}

export function reasonText(reason: ReportProbe['reason']): string {
  switch (reason) {
    case 'too-few':
      return 'too few samples'
    case 'stale':
      return 'no fresh data'
    case 'inconclusive':
      return 'no answer that settles it'
    case 'not-looked-at':
    case null:
      return 'not looked at'
  }
}

/** `1 node`, `2 nodes` */
export const countText = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Of an error this much is shown: what went wrong stands at its beginning, and the JSON has all. */
const MAX_ERROR = 200

/** What a row of evidence got: the RCODE, or the outcome with its first error. */
export function gotText({ outcome, rcode, error }: Pick<Evidence, 'outcome' | 'rcode' | 'error'>): string {
  const what = outcome === 'answered' && rcode !== null ? rcode : (outcome ?? 'no data')
  if (error === null) return what
  return `${what} (${error.length > MAX_ERROR ? `${error.slice(0, MAX_ERROR)}…` : error})`
}

/** Nodes that are named in a scope; the rest is counted. */
export const MAX_NAMES = 8

/** The nodes of a scope, those that are named first. */
export const namesOf = ({ nodes }: Pick<Scope, 'nodes'>): string[] => nodes.toSorted(byName)

/** Whether more nodes are in a scope than are named; of the whole cluster none is. */
export const isCounted = ({ kind, nodes }: Scope): boolean => kind !== 'cluster' && nodes.length > MAX_NAMES

/** What a finding is about: its subject where it has one, and the nodes. */
export function whereText(scope: Scope): string {
  const { kind, nodes } = scope
  const rest = isCounted(scope) ? ` and ${nodes.length - MAX_NAMES} more` : ''
  const named =
    kind === 'cluster'
      ? 'the whole cluster'
      : namesOf(scope).slice(0, MAX_NAMES).join(', ') + rest || 'every node that asks it'
  const what = subjectText(scope)
  return what === '' ? named : `${what}, seen from ${named}`
}

/** What is at fault where it is not the node; '' where it is. */
export const subjectText = ({ subject }: Pick<Scope, 'subject'>): string =>
  [subject?.role, subject?.address, subject?.pod, subject?.node].filter(Boolean).join(' ')

/** One of the checks that people make by hand, answered: `✓ dns-service-exists: kube-system/kube-dns at 10.96.0.10.` */
export function checkText({ id, passed, detail }: ClusterCheck): string {
  const state = passed === null ? 'no-data' : passed ? 'ok' : 'failing'
  return `${glyphs[state]} ${id}: ${detail}`
}
