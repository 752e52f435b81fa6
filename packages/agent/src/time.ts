/** Time as the agent's parts use it. Tests turn it by hand. */
export type Time = {
  /** Monotonic seconds; only differences mean something. */
  now: () => number
  /** Runs once, after this many seconds. @returns what takes it back */
  after: (seconds: number, run: () => void) => () => void
}

export const systemTime: Time = {
  now: () => performance.now() / 1000,
  after: (seconds, run) => {
    const timer = setTimeout(run, seconds * 1000)
    return () => clearTimeout(timer)
  },
}

/** The same time until it is stopped: then every waiting run is taken back, and no other ever runs. */
export function stoppable({ now, after }: Time): Time & { stop: () => void } {
  const pending = new Set<() => void>()
  let stopped = false
  return {
    now,
    after: (seconds, run) => {
      if (stopped) return () => undefined
      const takeBack = after(seconds, () => {
        pending.delete(takeBack)
        run()
      })
      pending.add(takeBack)
      return () => {
        pending.delete(takeBack)
        takeBack()
      }
    },
    stop: () => {
      stopped = true
      for (const takeBack of pending) takeBack()
      pending.clear()
    },
  }
}

/** Resolves after this many seconds; never, if the time is stopped first. */
export const wait = (time: Time, seconds: number): Promise<void> =>
  new Promise((resolve) => void time.after(seconds, resolve))
