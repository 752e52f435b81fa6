import {
  controlQuestions,
  hasAnswer,
  type Outcome,
  type Plan,
  type Question,
  type Role,
  type Transport,
} from '@oddnode/protocol'
import { paceOf } from './pace-of-rounds.ts'
import { addTo, type Counts, carryRow, clear, createRing, type Ring, sumOf } from './ring.ts'

/**
 * What one agent lost in the last ten minutes and in the last hour: single lost packets, which no probe's window shows. A line is a server
 * over one transport.
 */
export type LongWindow = {
  lines: readonly Line[]
  /** The line of each probe; −1 for one that does not count (`uncounted`). */
  lineOf: Int16Array
  /** Queries and lost ones by line, ten minutes; without those of a server that gave nothing at all for a while. */
  losses: Ring
  /** UDP queries by line that were lost since its last answer: a share of all, or the beginning of an outage, which the next answer tells. */
  pending: Uint8Array
  /** Pairs of queries and those of which one half was lost, one hour: a row of those through an address that is translated, one of direct ones. */
  pairs: Ring
  /** Translated pairs of the last hour that came back with one answer, as of the last pair. */
  oneSided: number
  /** Pairs since the first one-sided one of this spell, and those with two answers since the last; 0 while all have two. */
  pairsAsked: number
  twoSidedSince: number
  /** UDP queries that were answered since the last lost one. */
  answeredSince: number
  /** UDP queries, and lost ones, since the first lost one of this spell; 0 while nothing is lost. */
  asked: number
  lost: number
  /** When the first lost one of this spell was taken, on the aggregator's clock; Infinity while nothing is lost. */
  lostSince: number
  /** Some server, or all together, lost a share in ten minutes: as of the last lost query, and of each hundredth answer since. */
  losesShare: boolean
}

export type Line = { role: Role; address: string; transport: Transport }

const LOSS_SLOTS = 10
const MINUTE = 60
const PAIR_SLOTS = 12
const TRANSLATED = 0
const DIRECT = 1
const FIVE_MINUTES = 300

/** So many lost in a row are an outage of that server, and no share: of one in five lost at random that is one row in 3,000. */
const OUTAGE = 5

/** Fewer lost ones are no rate … */
const FEWEST_LOST = 5
const FEWEST_ONE_SIDED = 3
/** What may be a share, of one server or of all: half of the least that the catalogue calls one. */
const FEWEST_OF_SHARE = 3
const LEAST_SHARE = 0.01
const ANSWERS_UNTIL_COUNTED = 100
/** … and are forgotten after so many answers: a few in a thousand are nobody's fault. */
const FORGIVEN = 1000
/** After so many answers in a row a loss of the rate before would be one chance in a thousand: it is over, and the count begins anew. */
const IMPROBABLE = Math.log(1000)

const lost: ReadonlySet<Outcome> = new Set<Outcome>(['timeout', 'denied', 'unreachable', 'closed', 'wrong-source'])

export function createLongWindow(plan: Plan): LongWindow {
  const { lines, lineOf } = linesOf(plan)
  return {
    lines,
    lineOf,
    losses: createRing(lines.length, LOSS_SLOTS, MINUTE * paceOf(plan)),
    pending: new Uint8Array(lines.length),
    pairs: createRing(2, PAIR_SLOTS, FIVE_MINUTES * paceOf(plan)),
    oneSided: 0,
    pairsAsked: 0,
    twoSidedSince: 0,
    answeredSince: 0,
    asked: 0,
    lost: 0,
    lostSince: Infinity,
    losesShare: false,
  }
}

/** Counts a sample of a probe. @param takenAt seconds on the aggregator's clock */
export function addToLongWindow(
  window: LongWindow,
  probe: number,
  isPair: boolean,
  outcome: Outcome,
  takenAt: number,
): void {
  const line = window.lineOf[probe] as number
  if (line < 0 || outcome === 'local-error') return
  if (isPair) {
    const isDirect = window.lines[line]?.role === 'endpoint'
    if (isDirect) addTo(window.pairs, DIRECT, takenAt, outcome === 'partial')
    else addPair(window, outcome === 'partial', takenAt)
    return
  }
  const isLost = lost.has(outcome)
  const isUdp = window.lines[line]?.transport === 'udp'
  // What was answered before the first loss is pushed after it where the loss was handed over at once.
  if (!isLost && window.lost > 0 && takenAt < window.lostSince) return
  if (isUdp) {
    countUdp(window, line, takenAt, isLost)
    noteUdp(window, isLost, hasAnswer(outcome), takenAt)
  } else addTo(window.losses, line, takenAt, isLost)
}

/** A share is counted from the loss that begins it, which itself is left out: the good time before would hide it, it would add to it. */
function countUdp({ lost, losses, pending }: LongWindow, line: number, takenAt: number, isLost: boolean): void {
  const before = pending[line] as number
  if (isLost && lost === 0) {
    clear(losses)
    pending.fill(0)
  } else if (isLost) pending[line] = Math.min(OUTAGE, before + 1)
  else {
    for (let i = 0; i < before && before < OUTAGE; i++) addTo(losses, line, takenAt, true)
    pending[line] = 0
    addTo(losses, line, takenAt, false)
  }
}

function addPair(window: LongWindow, isOneSided: boolean, takenAt: number): void {
  addTo(window.pairs, TRANSLATED, takenAt, isOneSided)
  // Counted anew while there are some, so that it is known when they are an hour old.
  if (!isOneSided && window.oneSided === 0) return
  window.oneSided = sumOf(window.pairs, TRANSLATED, takenAt).counted
  window.pairsAsked++
  window.twoSidedSince = isOneSided ? 0 : window.twoSidedSince + 1
  const { oneSided, pairsAsked, twoSidedSince } = window
  const isOver = oneSided >= FEWEST_ONE_SIDED && isImprobable(twoSidedSince, oneSided, pairsAsked)
  if (oneSided === 0 || isOver) beginPairsAnew(window)
}

function beginPairsAnew(window: LongWindow): void {
  clear(window.pairs)
  window.oneSided = 0
  window.pairsAsked = 0
  window.twoSidedSince = 0
}

/** So many good ones in a row, at the rate at which they were lost before. */
const isImprobable = (goodSince: number, lostBefore: number, asked: number): boolean =>
  (goodSince * lostBefore) / (asked - goodSince) > IMPROBABLE

function noteUdp(window: LongWindow, isLost: boolean, isAnswered: boolean, takenAt: number): void {
  if (isLost) {
    window.asked++
    window.lost++
    window.answeredSince = 0
    window.lostSince = Math.min(window.lostSince, takenAt)
    window.losesShare = countShare(window, takenAt)
  } else if (isAnswered && window.lost > 0) {
    window.asked++
    window.answeredSince++
    if (window.lost < FEWEST_LOST) {
      if (window.answeredSince > FORGIVEN) beginAnew(window)
    } else if (isImprobable(window.answeredSince, window.lost, window.asked)) beginAnew(window)
    else if (window.answeredSince % ANSWERS_UNTIL_COUNTED === 0) window.losesShare = countShare(window, takenAt)
  }
}

function countShare(window: LongWindow, now: number): boolean {
  const all = { asked: 0, counted: 0 }
  for (const [line, { transport }] of window.lines.entries()) {
    if (transport !== 'udp') continue
    const { asked, counted } = lossesOf(window, line, now)
    if (isShare({ asked, counted })) return true
    all.asked += asked
    all.counted += counted
  }
  return isShare(all)
}

const isShare = ({ asked, counted }: Counts): boolean => counted >= FEWEST_OF_SHARE && counted >= LEAST_SHARE * asked

function beginAnew(window: LongWindow): void {
  clear(window.losses)
  window.answeredSince = 0
  window.asked = 0
  window.lost = 0
  window.lostSince = Infinity
  window.losesShare = false
}

/** So much was lost that it may be a rate or a pattern: a reason to look at the node. */
export const isLossy = ({ lost, losesShare, oneSided }: LongWindow): boolean =>
  (lost >= FEWEST_LOST && losesShare) || oneSided >= FEWEST_ONE_SIDED

/** Queries and lost ones of one line in the last ten minutes. */
export const lossesOf = (window: LongWindow, line: number, now: number): Counts => sumOf(window.losses, line, now)

/** Pairs through an address that is translated, and one-sided ones, in the last hour. */
export const pairsOf = (window: LongWindow, now: number): Counts => sumOf(window.pairs, TRANSLATED, now)

/** Pairs straight to a CoreDNS pod, and one-sided ones, in the last hour. */
export const directPairsOf = (window: LongWindow, now: number): Counts => sumOf(window.pairs, DIRECT, now)

/** For a changed plan: the lines that both have keep what was counted. */
export function carryLongWindow(old: LongWindow, plan: Plan): LongWindow {
  const next = createLongWindow(plan)
  for (const [to, line] of next.lines.entries()) {
    const from = old.lines.findIndex((one) => keyOf(one) === keyOf(line))
    if (from < 0) continue
    carryRow(old.losses, from, next.losses, to)
    next.pending[to] = old.pending[from] as number
  }
  for (const row of [TRANSLATED, DIRECT]) carryRow(old.pairs, row, next.pairs, row)
  const { oneSided, pairsAsked, twoSidedSince, answeredSince, asked, lost, lostSince, losesShare } = old
  return { ...next, oneSided, pairsAsked, twoSidedSince, answeredSince, asked, lost, lostSince, losesShare }
}

type Lines = Pick<LongWindow, 'lines' | 'lineOf'>
const byPlan = new WeakMap<Plan, Lines>()

/** Worked out once for each plan object. */
function linesOf(plan: Plan): Lines {
  const known = byPlan.get(plan)
  if (known !== undefined) return known
  const lines: Line[] = []
  const places = new Map<string, number>()
  const lineOf = Int16Array.from(plan.probes, ({ target, transport, question }) => {
    const { role, address } = plan.targets[target] ?? {}
    if (role === undefined || address === undefined || uncounted.has(question)) return -1
    const line = { role, address, transport }
    const place = places.get(keyOf(line)) ?? lines.push(line) - 1
    places.set(keyOf(line), place)
    return place
  })
  const made = { lines, lineOf }
  byPlan.set(plan, made)
  return made
}

/** What is no DNS, what nobody should answer, and what is lost for its size and not by chance. */
const uncounted: ReadonlySet<Question> = new Set<Question>([...controlQuestions, 'trap', 'large'])

const keyOf = ({ role, address, transport }: Line): string => `${role} ${address} ${transport}`
