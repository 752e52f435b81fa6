import { expectedRcodes } from './expected.ts'
import type { Observation } from './observation.ts'
import type { PlannedProbe } from './schema/plan.ts'

/**
 * What an observation says about its target: `good`, `bad`, `late` (right, but after the deadline: neither good nor bad, slow is another
 * fault than dead), or `none` (the agent's own error: no evidence about the target at all).
 */
export type Judgement = 'good' | 'bad' | 'late' | 'none'

type Asked = Pick<PlannedProbe, 'question' | 'size' | 'edns'>
type Seen = Pick<Observation, 'outcome' | 'rcode'>

/**
 * Judges one observation by what its question expects. One SERVFAIL that a cache keeps for its 5 s is one bad sample, because suspicion
 * asks again only after more than that: the judgement needs no memory.
 */
export function judge(asked: Asked, seen: Seen): Judgement {
  if (seen.outcome === 'local-error') return 'none'
  const expected = expectedRcodes[asked.question]
  if (expected?.length === 0) return judgeSilence(seen)
  switch (seen.outcome) {
    case 'late':
      return 'late'
    case 'answered':
      return expected === null || (seen.rcode !== null && expected.includes(seen.rcode)) ? 'good' : 'bad'
    case 'truncated':
      return expectsTruncation(asked) ? 'good' : 'bad'
    default:
      return 'bad'
  }
}

/** `trap` asks an address where nobody lives: any answer is somebody else's. */
function judgeSilence(seen: Seen): Judgement {
  return seen.rcode === null && !hasAnswer(seen.outcome) ? 'good' : 'bad'
}

/** A large answer, or one to a query without OPT (512 octets, RFC 1035 section 4.2.1), may be cut: then TCP is asked, as its own probe. */
function expectsTruncation(asked: Asked): boolean {
  return asked.size !== undefined && (asked.edns === undefined || asked.size > asked.edns.udpPayloadSize)
}

/** Whether the outcome means that an answer of the target arrived. */
export function hasAnswer(outcome: Observation['outcome']): boolean {
  return outcome === 'answered' || outcome === 'late' || outcome === 'truncated' || outcome === 'partial'
}
