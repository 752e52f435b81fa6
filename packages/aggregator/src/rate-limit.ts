/** A token bucket for each agent. */
export type RateLimit = {
  /** Takes one token of this agent. @returns 0, or the seconds until there is one */
  take: (agent: string, now: number) => number
  /** Agents that have less than a full bucket. */
  size: () => number
}

type Bucket = { tokens: number; at: number }

/**
 * @param perSecond tokens that a bucket gains, on the caller's clock in seconds
 * @param burst tokens of a full bucket
 * @param maxAgents buckets that are kept: above it the one that was touched longest ago is forgotten, so that made-up names cost no memory
 */
export function createRateLimit(perSecond: number, burst: number, maxAgents: number): RateLimit {
  // In the order of their last touch.
  const buckets = new Map<string, Bucket>()
  return {
    take: (agent, now) => {
      const bucket = buckets.get(agent) ?? { tokens: burst, at: now }
      bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perSecond)
      bucket.at = now
      buckets.delete(agent)
      buckets.set(agent, bucket)
      if (buckets.size > maxAgents) forgetOldest(buckets)
      if (bucket.tokens < 1) return (1 - bucket.tokens) / perSecond
      bucket.tokens--
      return 0
    },
    size: () => buckets.size,
  }
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const [oldest] = buckets.keys()
  if (oldest !== undefined) buckets.delete(oldest)
}
