import type { Time } from '../src/time.ts'

/** Time that stands still until it is advanced; everything that was due meanwhile ran, in order, with all that it set going. */
export type VirtualTime = Time & { advance: (seconds: number) => Promise<void> }

export function virtualTime(start = 1000): VirtualTime {
  let now = start
  let nextId = 0
  const pending = new Map<number, { at: number; run: () => void }>()
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

  function takeEarliest(until: number) {
    let earliest: number | undefined
    for (const [id, { at }] of pending) {
      if (at <= until && at < (pending.get(earliest ?? -1)?.at ?? Number.POSITIVE_INFINITY)) earliest = id
    }
    const found = earliest === undefined ? undefined : pending.get(earliest)
    if (earliest !== undefined) pending.delete(earliest)
    return found
  }

  return {
    now: () => now,
    after: (seconds, run) => {
      const id = nextId++
      pending.set(id, { at: now + Math.max(0, seconds), run })
      return () => void pending.delete(id)
    },
    advance: async (seconds) => {
      const until = now + seconds
      await settle()
      for (let next = takeEarliest(until); next; next = takeEarliest(until)) {
        now = Math.max(now, next.at)
        next.run()
        await settle()
      }
      now = until
    },
  }
}

/** Numbers in [0, 1) that repeat with the seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
