import { type FactRoots, readFacts } from '@oddnode/probes'
import type { Facts, Plan, Vantage } from '@oddnode/protocol'
import { stoppable, type Time } from './time.ts'

export type FactsWatch = {
  /** The facts, if they are not what was taken last. */
  takeChanged: () => Facts | undefined
  /** What was taken did not arrive, or the aggregator forgot it: the next `takeChanged` gives the facts whatever they are. */
  forget: () => void
  /** These, as JSON, are not taken: they are not given again before they change. */
  refuse: (facts: string) => void
  /** Reads again for the targets of this plan, at once. */
  setPlan: (plan: FactsPlan) => void
  /** Reads again now, if that was not done just before: a probe is under suspicion, and facts may tell why. */
  refresh: () => void
  stop: () => void
}

/** Whose addresses are looked for here, and how long a round is. */
export type FactsPlan = Pick<Plan, 'targets' | 'intervalSeconds'>

export type FactsContext = { vantage: Vantage; roots: FactRoots; time: Time }

/** Facts are read again in so many rounds: a resolv.conf changes seldom, a connection table fills in minutes. */
const PERIOD_ROUNDS = 4
const LONGEST_PERIOD_SECONDS = 60
/** Of a period: facts are not read more often, whatever is suspected. */
const LEAST_GAP = 1 / 12

/** Reads the facts now, in each period and when asked to, until stopped. */
export function watchFacts(first: FactsPlan, { vantage, roots, ...context }: FactsContext): FactsWatch {
  const time = stoppable(context.time)
  let plan = first
  let latest: Facts | undefined
  let taken = ''
  let refused = ''
  let readAt = Number.NEGATIVE_INFINITY
  let cancelTurn = () => {}

  async function read() {
    readAt = time.now()
    const wanted = plan
    const facts = await readFacts(wanted, vantage, roots)
    if (wanted === plan) latest = facts
  }
  function readEachPeriod() {
    void read()
    cancelTurn()
    cancelTurn = time.after(periodOf(plan), readEachPeriod)
  }
  readEachPeriod()

  return {
    takeChanged: () => {
      const text = JSON.stringify(latest)
      if (text === undefined || text === taken || text === refused) return undefined
      taken = text
      return latest
    },
    forget: () => {
      taken = ''
    },
    refuse: (facts) => {
      refused = facts
    },
    setPlan: (changed) => {
      plan = changed
      readEachPeriod()
    },
    refresh: () => {
      if (time.now() - readAt >= periodOf(plan) * LEAST_GAP) void read()
    },
    stop: time.stop,
  }
}

const periodOf = ({ intervalSeconds }: FactsPlan): number =>
  Math.min(LONGEST_PERIOD_SECONDS, PERIOD_ROUNDS * intervalSeconds)
