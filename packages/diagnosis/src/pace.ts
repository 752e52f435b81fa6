import { type KeptSamples, NO_TIME } from './kept-samples.ts'

/** How fast the probes of one agent are answered, by probe; NaN before the first answer. */
export type Paces = {
  /** Seconds, of late: each answer that is kept counts a quarter; NaN where none is kept. */
  pace: Float32Array
  /**
   * Seconds, as a rule: the fastest of the first answers, then moved by a fiftieth with each. What is slow by it does not move it: an
   * overload that lasts never becomes usual.
   */
  usual: Float32Array
}

const WEIGHT = 1 / 4
const STEP = 1.02
/** Below what a kernel can answer in: no pace is zero. */
const FASTEST_SECONDS = 1e-6

const TIMES = 10
const LEAST_SECONDS = 0.05

/** Slower than this, in seconds, is no spread of what is usual: ten times as slow, and 50 ms at least. */
export const overloadSeconds = (usual: number): number => Math.max(LEAST_SECONDS, TIMES * usual)

export function createPaces(probes: number): Paces {
  return { pace: new Float32Array(probes).fill(Number.NaN), usual: new Float32Array(probes).fill(Number.NaN) }
}

/**
 * Takes a sample into account.
 * @param kept the samples that are kept, this one among them unless it is too old
 * @param seconds the time of its answer; null where it has none, which may be the one too many to keep an older answer
 */
export function addPace({ pace, usual }: Paces, kept: KeptSamples, probe: number, seconds: number | null): void {
  pace[probe] = paceOfKept(kept, probe)
  if (seconds === null) return
  const time = Math.max(FASTEST_SECONDS, seconds)
  // Where all just starts, or breaks soon after, a slow answer would be usual for long.
  if (Number.isNaN(usual[probe] as number) || kept.count[probe] !== kept.size) {
    usual[probe] = Math.min(time, usual[probe] || time)
    return
  }
  if (time > overloadSeconds(usual[probe] as number)) return
  // The middle of all times, as far as a single number can follow it: half of them are above it, half below.
  usual[probe] = (usual[probe] as number) * (time > (usual[probe] as number) ? STEP : 1 / STEP)
}

/** From what is kept alone, so that the order in which samples come does not matter. */
function paceOfKept({ size, count, microseconds }: KeptSamples, probe: number): number {
  const first = probe * size
  const end = first + (count[probe] as number)
  let pace = Number.NaN
  for (let at = first; at < end; at++) {
    const time = microseconds[at] as number
    if (time === NO_TIME) continue
    const seconds = Math.max(FASTEST_SECONDS, time / 1e6)
    pace = Number.isNaN(pace) ? seconds : pace + WEIGHT * (seconds - pace)
  }
  return pace
}
