/** How fast the probes of one agent are answered, by probe; NaN before the first answer. */
export type Paces = {
  /** Seconds, of late: each answer counts a quarter. */
  pace: Float32Array
  /** Seconds, as a rule: moves by a fiftieth with each answer, so that ten times slower is usual only after half an hour. */
  usual: Float32Array
}

const WEIGHT = 1 / 4
const STEP = 1.02
/** Below what a kernel can answer in: no pace is zero. */
const FASTEST_SECONDS = 1e-6

export function createPaces(probes: number): Paces {
  return { pace: new Float32Array(probes).fill(Number.NaN), usual: new Float32Array(probes).fill(Number.NaN) }
}

/** Takes an answer's time into account. */
export function addPace({ pace, usual }: Paces, probe: number, seconds: number): void {
  const time = Math.max(FASTEST_SECONDS, seconds)
  const before = pace[probe] as number
  if (Number.isNaN(before)) {
    pace[probe] = time
    usual[probe] = time
    return
  }
  pace[probe] = before + WEIGHT * (time - before)
  // The middle of all times, as far as a single number can follow it: half of them are above it, half below.
  usual[probe] = (usual[probe] as number) * (time > (usual[probe] as number) ? STEP : 1 / STEP)
}
