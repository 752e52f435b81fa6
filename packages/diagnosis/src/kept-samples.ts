import { hasAnswer, type Judgement, type Outcome, outcomes, type Sample } from '@oddnode/protocol'
import type { Judged } from './hysteresis.ts'
import { median } from './median.ts'

/** The last samples of each probe, in typed arrays: sample i of probe p is at `p × size + i`, oldest first by the time when it was taken. */
export type KeptSamples = {
  /** How many are kept of each probe. */
  size: number
  /** How many there are of each probe. */
  count: Uint8Array
  /** Seconds on the aggregator's clock. */
  takenAt: Float64Array
  /** Index into `judgements`. */
  judgement: Uint8Array
  /** Index into `outcomes`. */
  outcome: Uint8Array
  /** −1 for none. */
  rcode: Int16Array
  /** `NO_TIME` for none. */
  microseconds: Uint32Array
}

/** What the last samples say. */
export type Evidence = {
  outcome: Outcome | null
  outcomes: Partial<Record<Outcome, number>>
  rcode: number | null
  answered: number
  asked: number
  medianSeconds: number | null
}

const judgements: readonly Judgement[] = ['none', 'good', 'bad', 'late']
/** No answer, so no time. */
export const NO_TIME = 0xffff_ffff
const NO_RCODE = -1

/** Empty ones. All columns share one buffer: an aggregator has 20,000 of these, and each buffer costs some 300 octets by itself. */
export function createKeptSamples(probes: number, size: number): KeptSamples {
  const rows = probes * size
  const buffer = new ArrayBuffer(rows * 16 + probes)
  return {
    size,
    takenAt: new Float64Array(buffer, 0, rows),
    microseconds: new Uint32Array(buffer, rows * 8, rows),
    rcode: new Int16Array(buffer, rows * 12, rows),
    judgement: new Uint8Array(buffer, rows * 14, rows),
    outcome: new Uint8Array(buffer, rows * 15, rows),
    count: new Uint8Array(buffer, rows * 16, probes),
  }
}

/**
 * Puts a sample into its place in time; the oldest one gives way when there are too many.
 * @returns its place from the oldest, or −1 where it is older than all that are kept
 */
export function keepSample(kept: KeptSamples, sample: Sample, takenAt: number, judgement: Judgement): number {
  const { probe, observation } = sample
  const first = probe * kept.size
  const count = kept.count[probe] as number
  const fresh = {
    takenAt,
    judgement: judgements.indexOf(judgement),
    outcome: outcomes.indexOf(observation.outcome),
    rcode: observation.rcode ?? NO_RCODE,
    microseconds: observation.seconds === null ? NO_TIME : Math.round(observation.seconds * 1e6),
  }
  let place = count
  while (place > 0 && isBefore(fresh, kept, first + place - 1)) place--
  if (count === kept.size) {
    if (place === 0) return -1
    place--
    shift(kept, first + 1, first + place + 1, first)
  } else {
    shift(kept, first + place, first + count, first + place + 1)
    kept.count[probe] = count + 1
  }
  write(kept, first + place, fresh)
  return place
}

type Row = { takenAt: number; judgement: number; outcome: number; rcode: number; microseconds: number }

/** Samples of the same instant are ordered by what they saw, so that the order of arrival does not matter there either. */
function isBefore(row: Row, kept: KeptSamples, at: number): boolean {
  const difference =
    row.takenAt - (kept.takenAt[at] as number) ||
    row.outcome - (kept.outcome[at] as number) ||
    row.rcode - (kept.rcode[at] as number) ||
    row.microseconds - (kept.microseconds[at] as number)
  return difference < 0
}

function shift(kept: KeptSamples, from: number, end: number, to: number): void {
  if (from === end) return
  kept.takenAt.copyWithin(to, from, end)
  kept.judgement.copyWithin(to, from, end)
  kept.outcome.copyWithin(to, from, end)
  kept.rcode.copyWithin(to, from, end)
  kept.microseconds.copyWithin(to, from, end)
}

function write(kept: KeptSamples, at: number, row: Row): void {
  kept.takenAt[at] = row.takenAt
  kept.judgement[at] = row.judgement
  kept.outcome[at] = row.outcome
  kept.rcode[at] = row.rcode
  kept.microseconds[at] = row.microseconds
}

/** What one kept sample says. @param at its index in the columns */
export const judgementAt = (kept: KeptSamples, at: number): Judgement =>
  judgements[kept.judgement[at] as number] as Judgement

/** All kept samples of a probe, judged, oldest first. */
export function judgedSamples(kept: KeptSamples, probe: number): Judged[] {
  const first = probe * kept.size
  return Array.from({ length: kept.count[probe] as number }, (_, i) => ({
    takenAt: kept.takenAt[first + i] as number,
    judgement: judgements[kept.judgement[first + i] as number] as Judgement,
  }))
}

/** When the last kept sample of a probe was taken; null without one. */
export function lastTakenAt(kept: KeptSamples, probe: number): number | null {
  const count = kept.count[probe] as number
  return count === 0 ? null : (kept.takenAt[probe * kept.size + count - 1] as number)
}

/** Counts what the last `samples` of a probe saw. Of equally common outcomes or RCODEs the one that comes first in its list is told. */
export function evidenceOf(kept: KeptSamples, probe: number, samples: number): Evidence {
  const end = probe * kept.size + (kept.count[probe] as number)
  const start = Math.max(probe * kept.size, end - samples)
  const seen = new Map<Outcome, number>()
  const rcodes = new Map<number, number>()
  const times: number[] = []
  let answered = 0
  for (let at = start; at < end; at++) {
    const outcome = outcomes[kept.outcome[at] as number] as Outcome
    seen.set(outcome, (seen.get(outcome) ?? 0) + 1)
    if (!hasAnswer(outcome)) continue
    answered++
    const rcode = kept.rcode[at] as number
    if (rcode !== NO_RCODE) rcodes.set(rcode, (rcodes.get(rcode) ?? 0) + 1)
    const time = kept.microseconds[at] as number
    if (time !== NO_TIME) times.push(time)
  }
  return {
    outcome: commonest(seen, (a, b) => outcomes.indexOf(a) - outcomes.indexOf(b)),
    outcomes: Object.fromEntries([...seen].sort(([a], [b]) => outcomes.indexOf(a) - outcomes.indexOf(b))),
    rcode: commonest(rcodes, (a, b) => a - b),
    answered,
    asked: end - start,
    medianSeconds: times.length === 0 ? null : median(times) / 1e6,
  }
}

function commonest<T>(counts: ReadonlyMap<T, number>, order: (a: T, b: T) => number): T | null {
  const [first] = [...counts].sort(([a, m], [b, n]) => n - m || order(a, b))
  return first === undefined ? null : first[0]
}
