import type { Facts } from '@oddnode/protocol'

/** Readings of one counter over the last hour, a reading each five minutes, so that its growth can be told. */
export type CounterHistory = { at: number; value: number }[]

const SPACING_SECONDS = 300
const KEPT_SECONDS = 3600

/** Keeps a reading. @param at seconds on the aggregator's clock, ascending */
export function addReading(history: CounterHistory, at: number, value: number): void {
  const before = history.at(-2)
  // The last one is always the newest; the one before it stays only where it is old enough to be a mark of its own.
  if (before !== undefined && (history.at(-1)?.at ?? at) - before.at < SPACING_SECONDS) history.pop()
  history.push({ at, value })
  while (history[0] !== undefined && at - history[0].at > KEPT_SECONDS) history.shift()
}

/** How much it grew over the last `seconds`; a counter that was set back grew from zero. Null with fewer than two readings. */
export function growthOf(history: CounterHistory, now: number, seconds: number): number | null {
  const recent = history.filter(({ at }) => now - at <= seconds)
  if (recent.length < 2) return null
  return recent.slice(1).reduce((sum, { value }, i) => {
    const before = recent[i]?.value ?? 0
    return sum + (value < before ? value : value - before)
  }, 0)
}

/** How full the connection table is, 0 to 1; 0 where that is not known. */
export function conntrackShare({ entries, max }: NonNullable<Facts['conntrack']>): number {
  return entries === null || max === null || max === 0 ? 0 : entries / max
}
