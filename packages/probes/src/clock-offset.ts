/** The four timestamps of one exchange, in seconds from one common instant. */
export type Exchange = {
  /** We sent. */
  t1: number
  /** The reference received. */
  t2: number
  /** The reference sent. */
  t3: number
  /** We received. */
  t4: number
}

export type ClockOffset = {
  /** Seconds; + = this node is ahead of the reference. */
  offsetSeconds: number
  /** Seconds that the exchange took without the reference's own time, at least 0. */
  delaySeconds: number
  /** Seconds, at least 0: the true offset is no further from `offsetSeconds` than this, however the delay was split. */
  uncertaintySeconds: number
}

/**
 * The offset of this node's clock against a reference. Never throws.
 *
 * RFC 5905 section 8 defines theta = ((T2 − T1) + (T3 − T4)) / 2, which is reference minus node; its sign is turned here, and only
 * here. A delay below zero comes from a reference that counts its own time wrongly or coarsely: its size is as uncertain as a
 * positive one's, so that nobody wins the smallest delay by claiming too much.
 *
 * @param distanceSeconds how far the reference itself may be from true time; 0 where only nodes are compared
 */
export function clockOffset({ t1, t2, t3, t4 }: Exchange, distanceSeconds: number): ClockOffset {
  const delay = t4 - t1 - (t3 - t2)
  return {
    offsetSeconds: -((t2 - t1 + (t3 - t4)) / 2),
    delaySeconds: Math.max(delay, 0),
    uncertaintySeconds: Math.abs(delay) / 2 + distanceSeconds,
  }
}

/** A server's distance to true time in seconds (RFC 5905 section 11.2: root dispersion + root delay / 2). */
export const serverDistance = (rootDelaySeconds: number, rootDispersionSeconds: number): number =>
  rootDispersionSeconds + rootDelaySeconds / 2
