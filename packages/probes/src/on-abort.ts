/** What is to be run when a signal aborts, by signal. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Runs something once when the signal aborts. However many attempts share a signal, it has one listener: adding and removing one of its
 * own for each attempt costs an agent a twentieth of its CPU.
 * @param signal not aborted yet
 * @returns what takes it back
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  const runs = waiting.get(signal) ?? listenOnce(signal)
  runs.add(run)
  return () => void runs.delete(run)
}

function listenOnce(signal: AbortSignal): Set<() => void> {
  const runs = new Set<() => void>()
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
