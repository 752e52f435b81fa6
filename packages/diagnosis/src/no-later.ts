import type { Finding } from '@oddnode/protocol'
import type { Fleet } from './fleet.ts'
import type { RememberedAgent } from './remember.ts'
import { instant } from './words.ts'

/** Instants are rounded to it. */
const MILLISECOND = 0.001

/**
 * What was remembered and cannot be: a time in the future is of a clock that was set back since. When it was nobody knows, only that it was
 * before this aggregator began to listen.
 */
function noLater({ now, listeningSince }: Pick<Fleet, 'now' | 'listeningSince'>): (seconds: number) => number {
  return (seconds) => (seconds > now + MILLISECOND ? listeningSince - MILLISECOND : seconds)
}

/** An agent without times in the future: else it would not be silent until then. */
export function agentNoLater(agent: RememberedAgent, fleet: Pick<Fleet, 'now' | 'listeningSince'>): RememberedAgent {
  const past = noLater(fleet)
  const orNull = (seconds: number | null) => (seconds === null ? null : past(seconds))
  return {
    ...agent,
    firstSeen: past(agent.firstSeen),
    lastSeen: past(agent.lastSeen),
    states: agent.states.map((state) => ({
      ...state,
      since: orNull(state.since),
      lastSampleAt: orNull(state.lastSampleAt),
    })),
    clocks: agent.clocks.map(({ takenAt, tries, ...reading }) => ({
      ...reading,
      takenAt: past(takenAt),
      ...(tries === undefined ? {} : { tries: tries.map((one) => ({ ...one, takenAt: past(one.takenAt) })) }),
    })),
  }
}

/** A finding without times in the future: else it would be younger than the present for as long, and not be forgotten after its end. */
export function findingNoLater(finding: Finding, fleet: Pick<Fleet, 'now' | 'listeningSince'>): Finding {
  const { since, lastSeen, ended } = finding
  const past = noLater(fleet)
  const told = (text: string) => instant(past(Date.parse(text) / 1000))
  return { ...finding, since: told(since), lastSeen: told(lastSeen), ended: ended === null ? null : told(ended) }
}
