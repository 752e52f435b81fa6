import { backOffSeconds } from './back-off.ts'
import type { Delivery } from './deliver.ts'
import { type BufferedRound, type RoundBuffer, removeRound } from './round-buffer.ts'
import type { Random } from './spread.ts'
import type { Time } from './time.ts'

export type PusherContext = {
  buffer: RoundBuffer
  /** Base URLs, best first; read at each push, since a plan may bring new ones. */
  addresses: () => string[]
  /** Never rejects. */
  deliver: (address: string, round: BufferedRound) => Promise<Delivery>
  onDelivery: (delivery: Delivery) => void
  time: Time
  random: Random
}

export type Pusher = {
  /** There is something in the buffer. */
  wake: () => void
  /** Pushes what is left, without a pause, and stops: when all is pushed, no address takes it, or the time is over. */
  stop: (withinSeconds: number) => Promise<void>
}

const NO_ADDRESS: Delivery = {
  kind: 'failed',
  detail: 'no aggregator is known: set `aggregator`',
  retryAfterSeconds: null,
  elsewhere: false,
}

/**
 * Pushes the rounds of a buffer, oldest first, one at a time, until they are taken. Where no aggregator answers at one address the next is
 * tried at once, and there is a pause only after all of them: one that an aggregator has left must not cost a pause of its own.
 */
export function startPusher({ buffer, addresses, deliver, onDelivery, time, random }: PusherContext): Pusher {
  let failuresInARow = 0
  /** Which address is tried; the next one after each failure, and the one that works is kept. */
  let candidate = 0
  let draining: Promise<void> | null = null
  let endPause: (() => void) | null = null
  let stopping = false
  let stopped = false

  function wake() {
    if (draining || endPause || stopped || buffer.rounds.length === 0) return
    draining = drain()
  }

  async function drain() {
    try {
      for (let round = buffer.rounds[0]; round && !stopped; round = buffer.rounds[0]) {
        const pauseSeconds = await pushOnce(round)
        if (pauseSeconds === 0) continue
        if (!stopping) return pause(pauseSeconds)
        // At the end there is no later: each address is tried once, and then no more.
        if (failuresInARow >= addresses().length) return
      }
    } finally {
      draining = null
    }
  }

  /** @returns seconds to wait before the next push; 0 where the round is done with, or another address is to be tried at once */
  async function pushOnce(round: BufferedRound): Promise<number> {
    const known = addresses()
    const address = known[candidate % Math.max(known.length, 1)]
    const delivery = address === undefined ? NO_ADDRESS : await deliver(address, round)
    if (stopped) return 0
    if (delivery.kind !== 'failed') removeRound(buffer, round.counter)
    onDelivery(delivery)
    if (delivery.kind !== 'failed') {
      failuresInARow = 0
      return 0
    }
    failuresInARow++
    candidate++
    const turns = failuresInARow / Math.max(known.length, 1)
    if (delivery.elsewhere && !Number.isInteger(turns)) return 0
    return Math.max(delivery.retryAfterSeconds ?? 0, backOffSeconds(Math.ceil(turns), random))
  }

  function pause(seconds: number) {
    const takeBack = time.after(seconds, () => {
      endPause = null
      wake()
    })
    endPause = () => {
      endPause = null
      takeBack()
    }
  }

  async function stop(withinSeconds: number) {
    stopping = true
    failuresInARow = 0
    endPause?.()
    wake()
    let takeBack: () => void = () => undefined
    const overdue = new Promise<void>((resolve) => {
      takeBack = time.after(withinSeconds, resolve)
    })
    await Promise.race([draining, overdue])
    takeBack()
    stopped = true
  }

  return { wake, stop }
}
