/**
 * What is to be run when a signal aborts, by signal. Few wait at a time: a Set would make a new table at almost every delete, and V8 keeps the
 * old ones, with what they hold, until its next full collection.
 */
const waiting = new WeakMap<AbortSignal, (() => void)[]>()

/**
 * Runs something once when the signal aborts. However many attempts share a signal, it has one listener: adding and removing one of its
 * own for each attempt costs an agent a twentieth of its CPU.
 * @param signal not aborted yet
 * @returns what takes it back
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  const runs = waiting.get(signal) ?? listenOnce(signal)
  runs.push(run)
  return () => {
    const at = runs.indexOf(run)
    if (at >= 0) runs.splice(at, 1)
  }
}

function listenOnce(signal: AbortSignal): (() => void)[] {
  const runs: (() => void)[] = []
  waiting.set(signal, runs)
  signal.addEventListener(
    'abort',
    () => {
      // Each takes itself out: a copy keeps the order.
      for (const run of [...runs]) run()
    },
    { once: true },
  )
  return runs
}
