/**
 * Chooses a representation by an `Accept` header (RFC 9110 section 12.5.1).
 * @param offered media types, the preferred one first; it is also the answer to no header and to one that names none of them
 */
export function chooseByAccept<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  const ranges = (accept ?? '*/*').split(',', MAX_RANGES).map(rangeOf)
  let best: T = offered[0]
  let quality = 0
  for (const type of offered) {
    const own = qualityOf(type, ranges)
    if (own > quality) {
      best = type
      quality = own
    }
  }
  return best
}

/** Enough for every browser, and no work for a header that means harm. */
const MAX_RANGES = 32

type Range = { type: string; quality: number }

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = q === undefined ? 1 : Number(q.slice(2))
  return { type, quality: Number.isFinite(quality) ? quality : 0 }
}

/** The quality of the most specific range that fits; 0 if none does. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const group = `${type.slice(0, type.indexOf('/'))}/*`
  for (const candidate of [type, group, '*/*']) {
    const range = ranges.find((one) => one.type === candidate)
    if (range) return range.quality
  }
  return 0
}
