/** The two clocks that a wall clock is made of. */
export type ClockSources = {
  /** Unix time in whole milliseconds, cut off: what `Date.now` gives. */
  unixMilliseconds: () => number
  /** Milliseconds with a fraction on a monotonic clock; only differences mean something. */
  monotonicMilliseconds: () => number
}

/** A wall clock finer than `Date.now`, for one measurement: it does not see a step of the system clock after its anchor. */
export type WallClock = {
  /** Unix time of the anchor in milliseconds: whole, so that differences to it lose nothing to rounding. */
  anchorUnixMilliseconds: number
  /** Seconds since the anchor. */
  elapsedSeconds: () => number
  /** Unix time in seconds. A double holds it to 0.2 µs. */
  unixSeconds: () => number
  /** How far the anchor can be from the true tick, in seconds; below a microsecond unless the process was interrupted. */
  uncertaintySeconds: number
  /** The least that the system clock was set since the anchor, in seconds, + = forward; 0 if all could be as it was (to 1 ms). */
  steppedSeconds: () => number
}

type Anchor = { unixMilliseconds: number; monotonicMilliseconds: number; widthMilliseconds: number }

/** A tick seen within this is taken at once; a wider one means that the process was interrupted while it looked. */
const GOOD_WIDTH_MILLISECONDS = 0.005
/** On a busy machine every second tick may pass while another process runs. */
const MAX_TICKS = 8
/** A clock that does not tick for this long (a frozen or a coarse one) is taken as it stands. */
const MAX_SPIN_MILLISECONDS = 2

const systemClocks: ClockSources = {
  unixMilliseconds: Date.now,
  monotonicMilliseconds: () => performance.now(),
}

/**
 * Anchors a wall clock to the system clock: waits for the next tick of `Date.now` (half a millisecond in the mean, without giving
 * up the event loop) and counts on with the monotonic clock.
 *
 * Why afresh for each measurement: `performance.timeOrigin` never sees that the clock was set, and `Date.now` is cut to 1 ms.
 */
export function anchorWallClock(sources: ClockSources = systemClocks): WallClock {
  const anchor = bestAnchor(sources)
  const elapsedMilliseconds = () => sources.monotonicMilliseconds() - anchor.monotonicMilliseconds
  return {
    anchorUnixMilliseconds: anchor.unixMilliseconds,
    elapsedSeconds: () => elapsedMilliseconds() / 1000,
    unixSeconds: () => (anchor.unixMilliseconds + elapsedMilliseconds()) / 1000,
    uncertaintySeconds: anchor.widthMilliseconds / 2 / 1000,
    steppedSeconds: () => {
      const before = elapsedMilliseconds()
      const whole = sources.unixMilliseconds() - anchor.unixMilliseconds
      return leastStep(before, whole, elapsedMilliseconds()) / 1000
    },
  }
}

/** `whole` milliseconds of the system clock, cut off, were read while the monotonic clock went from `before` to `after`. */
function leastStep(before: number, whole: number, after: number): number {
  if (whole > after) return whole - after
  return Math.min(whole + 1 - before, 0)
}

function bestAnchor(sources: ClockSources): Anchor {
  let best = nextTick(sources)
  for (let ticks = 1; ticks < MAX_TICKS && best.widthMilliseconds > GOOD_WIDTH_MILLISECONDS; ticks++) {
    const next = nextTick(sources)
    if (next.widthMilliseconds < best.widthMilliseconds) best = next
  }
  return best
}

/** The tick lies between the last reading of the monotonic clock before the old millisecond and the first after the new one. */
function nextTick({ unixMilliseconds, monotonicMilliseconds }: ClockSources): Anchor {
  const start = monotonicMilliseconds()
  const first = unixMilliseconds()
  for (let before = start; ; ) {
    const between = monotonicMilliseconds()
    const now = unixMilliseconds()
    const after = monotonicMilliseconds()
    if (now !== first) return anchorBetween(before, after, now)
    if (between - start > MAX_SPIN_MILLISECONDS) return anchorBetween(between - 1, after, now)
    before = between
  }
}

const anchorBetween = (from: number, to: number, unixMilliseconds: number): Anchor => ({
  unixMilliseconds,
  monotonicMilliseconds: (from + to) / 2,
  widthMilliseconds: to - from,
})
