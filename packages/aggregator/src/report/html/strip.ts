/** A place on a drawing, in percent of its width: `12.34%`. */
export const percent = (fraction: number): string => `${Number((fraction * 100).toFixed(2))}%`

/** A scale from values to fractions of a drawing's width. */
export type Scale = (value: number) => number

const clamp = (fraction: number) => Math.min(1, Math.max(0, fraction))

/** Room at both ends, so that what is at the end is not cut. */
const MARGIN = 0.03

/** From `first` to `last` in equal steps; what is outside is at the end. */
export function linearScale(first: number, last: number): Scale {
  const length = last - first
  return (value) => (length <= 0 ? MARGIN : MARGIN + (1 - 2 * MARGIN) * clamp((value - first) / length))
}

/** In decades from `first` > 0 to `last`: 0.1 ms and 5 s both have their place. */
export function logarithmicScale(first: number, last: number): Scale {
  const linear = linearScale(Math.log10(first), Math.log10(last))
  return (value) => linear(Math.log10(Math.max(value, first)))
}

/**
 * In decades to both sides of a middle that is linear: noise of microseconds and a clock that is hours off are both seen.
 * @param near where the decades begin
 */
export function symmetricScale(reach: number, near: number): Scale {
  const decades = (value: number) => Math.sign(value) * Math.log10(1 + Math.abs(value) / near)
  const linear = linearScale(-decades(reach), decades(reach))
  return (value) => linear(decades(value))
}

/** How many values fall into each of equally wide pieces of a drawing. */
export function binsOf(values: readonly number[], scale: Scale, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(scale(value) * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
