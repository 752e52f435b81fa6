import { agentKey, type ClockReading } from '@oddnode/diagnosis'
import { clockRows } from './memory.ts'
import type { ClockRow } from './store/store.ts'

/**
 * Notes clock readings that differ from what was noted last: what stays as it was is thinned out (`sweep.ts`), and a clock that moved is
 * remembered from the push that told it.
 */
export type ClockHistory = {
  /** Readings of an agent that are news. */
  pushed: (agent: Told) => ClockRow[]
  forgetAgent: (key: string) => void
  /** Everything is news again. */
  clear: () => void
}

type Told = Parameters<typeof clockRows>[0]

/** A reading that moved by less is the same, however sure both are: no finding is about so little. */
const SAME_SECONDS = 0.01

type Noted = Pick<ClockReading['sample'], 'outcome' | 'offsetSeconds' | 'uncertaintySeconds'>

export function createClockHistory(): ClockHistory {
  const agents = new Map<string, Map<string, Noted>>()

  function isNews(notedOf: Map<string, Noted>, { sample }: ClockReading): boolean {
    const { reference, outcome, offsetSeconds, uncertaintySeconds } = sample
    const name = reference.kind === 'aggregator' ? reference.kind : reference.address
    const known = notedOf.get(name)
    if (known !== undefined && isSame(known, sample)) return false
    notedOf.set(name, { outcome, offsetSeconds, uncertaintySeconds })
    return true
  }

  return {
    pushed: (agent) => {
      const key = agentKey(agent.node, agent.vantage)
      const notedOf = agents.get(key) ?? new Map<string, Noted>()
      agents.set(key, notedOf)
      return clockRows(agent).filter(({ reading }) => isNews(notedOf, reading))
    },
    forgetAgent: (key) => agents.delete(key),
    clear: () => agents.clear(),
  }
}

function isSame(a: Noted, b: Noted): boolean {
  if (a.outcome !== b.outcome) return false
  const doubt = (a.uncertaintySeconds ?? 0) + (b.uncertaintySeconds ?? 0)
  return Math.abs((a.offsetSeconds ?? 0) - (b.offsetSeconds ?? 0)) <= doubt + SAME_SECONDS
}
