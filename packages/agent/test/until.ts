import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until a condition holds. @throws after ten seconds, with what was waited for */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinSeconds = 10): Promise<void> {
  const deadline = performance.now() + withinSeconds * 1000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinSeconds} s: ${what}`)
    await sleep(10)
  }
}
