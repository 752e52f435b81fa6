/** Time as the agent's parts use it. Tests turn it by hand. */
export type Time = {
  /** Monotonic seconds; only differences mean something. */
  now: () => number
  /** Runs once, after this many seconds, at most 24.8 days. @returns what takes it back */
  after: (seconds: number, run: () => void) => () => void
}

/** `setTimeout` counts milliseconds in 31 bits, and fires at once for more. */
const LONGEST_SECONDS = (2 ** 31 - 1) / 1000

export const systemTime: Time = {
  now: () => performance.now() / 1000,
  after: (seconds, run) => {
    const timer = setTimeout(run, Math.min(seconds, LONGEST_SECONDS) * 1000)
    return () => clearTimeout(timer)
  },
}

/**
 * The same time until it is stopped: then every waiting run is taken back, and no other ever runs. What waits is few and kept in an array:
 * a Set makes a new table at almost every delete, and V8 keeps the old ones until its next full collection.
 */
export function stoppable({ now, after }: Time): Time & { stop: () => void } {
  const pending: (() => void)[] = []
  let stopped = false
  const forget = (takeBack: () => void) => {
    const at = pending.indexOf(takeBack)
    if (at >= 0) pending.splice(at, 1)
  }
  return {
    now,
    after: (seconds, run) => {
      if (stopped) return () => undefined
      const takeBack = after(seconds, () => {
        forget(takeBack)
        run()
      })
      pending.push(takeBack)
      return () => {
        forget(takeBack)
        takeBack()
      }
    },
    stop: () => {
      stopped = true
      for (const takeBack of pending.splice(0)) takeBack()
    },
  }
}

/** Resolves after this many seconds; never, if the time is stopped first. */
export const wait = (time: Time, seconds: number): Promise<void> =>
  new Promise((resolve) => void time.after(seconds, resolve))
