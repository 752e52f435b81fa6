// The one place that says how much faster the lab is than life. A round takes 1 s instead of 15 s, and every threshold that is a number
// of seconds because a round takes 15 s shrinks with it, to a little more than a fifteenth: a lab's nodes share two processors with each
// other and with the next lab. Numbers of samples, shares and offsets of clocks are those of life.

/** Rounds, windows and caches as long as in life, by the environment: to measure how long a fault takes to be told and to be gone. */
const isLife = process.env['ODDNODE_LAB_PACE'] === 'life'

/** Mean length of a round, in seconds. On a machine that has other things to do as well, 2 or 3 by the environment. */
export const intervalSeconds = isLife ? 15 : Number(process.env['ODDNODE_LAB_INTERVAL'] ?? 1)

/** The aggregator's settings of the plan; an agent goes by them from its first push on. */
export const plan = isLife
  ? { intervalSeconds, deadlineSeconds: 2, closeSeconds: 6, suspicionSeconds: 5 }
  : scaled({ intervalSeconds: 1, deadlineSeconds: 0.5, closeSeconds: 1.2, suspicionSeconds: 0.35 })

/** `slowSeconds` does not shrink, but grows: agents that wait for a processor measure that as well. */
const slowSeconds = isLife ? 0.1 : 0.08 * intervalSeconds

/** Those that are not as they are by default. */
export const thresholds: Readonly<Record<string, number>> = isLife
  ? { slowSeconds }
  : {
      slowSeconds,
      ...scaled({
        failingSpreadSeconds: 0.6,
        staleSeconds: 6,
        // A process of an agent that starts anew needs as long as in life.
        silentSeconds: 8,
        silentNotReadySeconds: 4,
        twinSeconds: 3,
        newNodeSeconds: 20,
        flappingSeconds: 40,
      }),
    }

/** What a slow server takes longer for an answer than it needs. */
export const slowMilliseconds = Math.round(1900 * slowSeconds)

/**
 * How long a resolver waits for a server that it asks over TCP, asks for the first time over UDP, or has known to be slow. With less, two
 * answers that were late on a busy machine make it call its servers down, and SERVFAIL is kept for 5 s, which are five rounds here.
 */
export const patienceMilliseconds = isLife
  ? { tcp: 2000, unknown: 400, most: 2000 }
  : { tcp: inMilliseconds(0.5), unknown: inMilliseconds(0.2), most: inMilliseconds(1.2) }

/** How long an answer may be kept: as CoreDNS's plugin kubernetes says, or shorter as rounds are. */
export const ttlSeconds = isLife ? 5 : 1

/** When to give up on a finding that is to be told, or to go: with the room that a busy machine needs. How long it took is told. */
export const withinSeconds = scaled({ well: 90, open: 30, close: 30 })

/** @param values for rounds of a second */
function scaled<T extends Record<string, number>>(values: T): T {
  const entries = Object.entries(values).map(([name, seconds]) => [name, seconds * intervalSeconds])
  return Object.assign({}, values, Object.fromEntries(entries))
}

/** @param seconds for rounds of a second */
function inMilliseconds(seconds: number): number {
  return Math.round(1000 * seconds * intervalSeconds)
}
