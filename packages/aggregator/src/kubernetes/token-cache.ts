import { createHash } from 'node:crypto'
import type { Identity } from './identity.ts'

/** What is known of a token; `identity` is null for one that is worth nothing. */
export type CachedToken = { identity: Identity | null; isFresh: boolean }

/** What the API server said of tokens, kept for a while. Tokens themselves are not kept, only their digests. */
export type TokenCache = {
  /** @returns undefined for a token that was never reviewed, or too long ago to be known */
  get: (token: string, at: number) => CachedToken | undefined
  put: (token: string, identity: Identity | null, at: number) => void
  size: () => number
}

/** A good token is asked about again after 5 to 10 minutes, drawn anew each time: a revoked one is seen within ten. */
const LONGEST_SECONDS = 600
const SHORTEST_SECONDS = 300
/** A bad one may have become good: its pod was not known yet. */
const REFUSED_SECONDS = 10
/** Whoever sends tokens that are none must not fill the memory. */
const MOST_REFUSED = 1024

type Entry = { identity: Identity; staleAt: number }

/**
 * @param most good tokens that are kept: each agent has one, and a second one for a while
 * @param random in [0, 1)
 */
export function createTokenCache(most: number, random: () => number = Math.random): TokenCache {
  const good = new Map<string, Entry>()
  const refused = new Map<string, number>()
  return {
    get: (token, at) => {
      const key = digest(token)
      const known = good.get(key)
      if (known) return { identity: known.identity, isFresh: at < known.staleAt }
      const until = refused.get(key)
      return until !== undefined && at < until ? { identity: null, isFresh: true } : undefined
    },
    put: (token, identity, at) => {
      const key = digest(token)
      good.delete(key)
      refused.delete(key)
      if (identity === null) putBounded(refused, key, at + REFUSED_SECONDS, MOST_REFUSED)
      else {
        const staleAt = at + SHORTEST_SECONDS + random() * (LONGEST_SECONDS - SHORTEST_SECONDS)
        putBounded(good, key, { identity, staleAt }, most)
      }
    },
    size: () => good.size + refused.size,
  }
}

/** The oldest make way. */
function putBounded<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}

const digest = (token: string): string => createHash('sha256').update(token).digest('base64')
