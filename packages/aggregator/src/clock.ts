import { performance } from 'node:perf_hooks'

/** The aggregator's two clocks: one that orders, one that other clocks are measured against. */
export type Clock = {
  /**
   * Seconds for everything that is ordered or compared: Unix time at the start of the process, monotonic from there. A step of the
   * wall clock never reorders rounds.
   */
  now: () => number
  /** A point on the monotonic clock in milliseconds, to be turned into wall time later: cheap enough for a request's first instruction. */
  mark: () => number
  /**
   * By how many seconds the wall clock was set since this was last asked, or since the start; + is forward. 0 below 25 ms: slewing
   * runs the monotonic clock along, and so is none.
   */
  setBy: () => number
  /** Unix time in seconds of a mark, to some microseconds. Follows steps of the wall clock. */
  wallTime: (mark: number) => number
}

/** What the clock is read from: `performance.now()` and `Date.now()`, both in milliseconds. */
export type ClockSources = { monotonic: () => number; wall: () => number }

const systemSources: ClockSources = { monotonic: () => performance.now(), wall: () => Date.now() }

/** An anchor is renewed after this: a wall clock is slewed by up to 500 ppm (adjtime(3)), so by 0.5 ms until then. */
const ANCHOR_LIFE_MILLISECONDS = 1000
/** `Date.now()` says whole milliseconds: a larger difference from what the anchor predicts is a step. */
const STEP_MILLISECONDS = 2
/** Half of the smallest offset that any verdict is about (`thresholds.clockInfoSeconds`): less cannot accuse a node. */
const SET_MILLISECONDS = 25
/** A gap between two readings of the monotonic clock that is longer than this means that the process was interrupted between them. */
const SHARP_MILLISECONDS = 0.05
const ATTEMPTS = 3

/** `performance.timeOrigin` is not the anchor: it never sees a step, and is itself off by up to a millisecond. */
export function createClock(sources: ClockSources = systemSources): Clock {
  const startedAt = anchorAt(sources)
  let anchor = startedAt
  let ahead = startedAt.wall - startedAt.monotonic
  return {
    setBy: () => {
      const now = sources.wall() - sources.monotonic()
      const by = now - ahead
      if (Math.abs(by) < SET_MILLISECONDS) return 0
      ahead = now
      return by / 1000
    },
    now: () => (startedAt.wall + sources.monotonic() - startedAt.monotonic) / 1000,
    mark: sources.monotonic,
    wallTime: (mark) => {
      if (!isSound(anchor, sources)) anchor = anchorAt(sources)
      return (anchor.wall + mark - anchor.monotonic) / 1000
    },
  }
}

type Anchor = { monotonic: number; wall: number }

function isSound(anchor: Anchor, { monotonic, wall }: ClockSources): boolean {
  const elapsed = monotonic() - anchor.monotonic
  return elapsed < ANCHOR_LIFE_MILLISECONDS && Math.abs(wall() - (anchor.wall + elapsed)) < STEP_MILLISECONDS
}

/** The moment at which `Date.now()` turns to the next millisecond: the only one at which it is exact. Takes up to a millisecond. */
function anchorAt(sources: ClockSources): Anchor {
  let best = turnOf(sources)
  for (let attempt = 1; attempt < ATTEMPTS && best.gap > SHARP_MILLISECONDS; attempt++) {
    const next = turnOf(sources)
    if (next.gap < best.gap) best = next
  }
  return best
}

function turnOf({ monotonic, wall }: ClockSources): Anchor & { gap: number } {
  const start = wall()
  let before = monotonic()
  let now = wall()
  while (now === start) {
    before = monotonic()
    now = wall()
  }
  const after = monotonic()
  return { monotonic: (before + after) / 2, wall: now, gap: after - before }
}
