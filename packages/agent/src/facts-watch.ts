import { type FactRoots, readFacts } from '@oddnode/probes'
import type { Facts, Plan } from '@oddnode/protocol'
import { stoppable, type Time } from './time.ts'

export type FactsWatch = {
  /** The facts, if they are not what was taken last. */
  takeChanged: () => Facts | undefined
  /** What was taken did not arrive, or the aggregator forgot it: the next `takeChanged` gives the facts whatever they are. */
  forget: () => void
  /** Reads again for these targets, at once. */
  setTargets: (targets: Plan['targets']) => void
  stop: () => void
}

/** Facts are read again in this time: a resolv.conf changes seldom, a connection table fills in minutes. */
const PERIOD_SECONDS = 60

/** Reads the facts now and in each period, until stopped. */
export function watchFacts(first: Plan['targets'], roots: FactRoots, context: Time): FactsWatch {
  const time = stoppable(context)
  let targets = first
  let latest: Facts | undefined
  let taken = ''

  async function read() {
    const wanted = targets
    const facts = await readFacts({ targets: wanted }, roots)
    if (wanted === targets) latest = facts
  }
  function readEachPeriod() {
    void read()
    time.after(PERIOD_SECONDS, readEachPeriod)
  }
  readEachPeriod()

  return {
    takeChanged: () => {
      const text = JSON.stringify(latest)
      if (text === undefined || text === taken) return undefined
      taken = text
      return latest
    },
    forget: () => {
      taken = ''
    },
    setTargets: (wanted) => {
      targets = wanted
      void read()
    },
    stop: time.stop,
  }
}
