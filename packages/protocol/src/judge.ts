import type { Outcome, Role } from './closed-sets.ts'
import { expectedRcodes } from './expected.ts'
import type { Observation } from './observation.ts'
import { NOERROR, NXDOMAIN, REFUSED } from './rcode.ts'
import type { PlannedProbe } from './schema/plan.ts'

/**
 * What an observation says about its target: `good`, `bad`, `late` (right, but after the deadline: neither good nor bad, slow is another
 * fault than dead), or `none` (the agent's own error: no evidence about the target at all).
 */
export type Judgement = 'good' | 'bad' | 'late' | 'none'

type Asked = Pick<PlannedProbe, 'transport' | 'question' | 'size' | 'edns'>
type Seen = Pick<Observation, 'outcome' | 'rcode' | 'size' | 'echoed' | 'error'>

/**
 * Judges one observation by what its question expects. One SERVFAIL that a cache keeps for its 5 s is one bad sample, because suspicion
 * asks again only after more than that: the judgement needs no memory.
 * @param role of who was asked, where it is known
 */
export function judge(asked: Asked, seen: Seen, role?: Role): Judgement {
  if (seen.outcome === 'local-error') return 'none'
  if (isUnknown(asked, seen, role)) return 'none'
  switch (asked.question) {
    case 'trap':
      return isSilence(seen.outcome) ? 'good' : 'bad'
    case 'reach':
      return seen.outcome === 'refused' ? 'good' : judgeAnswer(asked, seen)
    default:
      return judgeAnswer(asked, seen)
  }
}

function judgeAnswer(asked: Asked, seen: Seen): Judgement {
  switch (seen.outcome) {
    case 'late':
      // A SERVFAIL that took its time is no right answer that came late.
      return isRight(asked, seen) ? 'late' : 'bad'
    case 'answered':
      return isRight(asked, seen) ? 'good' : 'bad'
    case 'truncated':
      return mayBeCut(asked) ? 'good' : 'bad'
    default:
      return 'bad'
  }
}

/**
 * `wildcard` and `invalid` ask whether names that do not exist are answered: a server that cannot ask there, as one without Internet, says
 * nothing of it. One that refuses is of no use to those whose resolv.conf names it; another may be there for some zones only.
 */
function isUnknown({ question }: Asked, { outcome, rcode }: Seen, role: Role | undefined): boolean {
  if (question !== 'wildcard' && question !== 'invalid') return false
  if (outcome !== 'answered' && outcome !== 'late') return false
  if (rcode === REFUSED && question === 'invalid' && role === 'resolv-conf') return false
  return rcode !== NOERROR && rcode !== NXDOMAIN
}

function isRight(asked: Asked, { rcode, size, echoed, error }: Seen): boolean {
  switch (asked.question) {
    case 'health':
      return error === null
    case 'case':
      return isExpected(asked, rcode) && echoed !== false
    case 'large':
      return isExpected(asked, rcode) && isWhole(asked, size)
    default:
      return isExpected(asked, rcode)
  }
}

function isExpected({ question }: Asked, rcode: number | null): boolean {
  const expected = expectedRcodes[question]
  return expected === null || (rcode !== null && expected.includes(rcode))
}

/** Names may be compressed in one answer and not in another, but not to half of it: such an answer was cut without TC. */
const isWhole = ({ size: wanted = 0 }: Asked, size: number | null): boolean => size === null || size >= wanted / 2

/** Octets that every server sends over UDP: without OPT (RFC 1035 section 4.2.1), and with it (DNS Flag Day 2020). */
const PLAIN_OCTETS = 512
const EDNS_OCTETS = 1232

/**
 * A large answer may be cut over UDP, where a server keeps to the usual limits: then TCP is asked, as its own probe. The canary's grows
 * with the cluster.
 */
function mayBeCut({ transport, question, size = 0, edns }: Asked): boolean {
  if (transport !== 'udp') return false
  return question === 'canary' || size > Math.min(edns?.udpPayloadSize ?? PLAIN_OCTETS, EDNS_OCTETS)
}

/** `trap` asks an address where nobody lives: whatever comes from there is somebody else's. */
function isSilence(outcome: Outcome): boolean {
  const messages: readonly Outcome[] = ['mismatch', 'malformed', 'wrong-source']
  return !hasAnswer(outcome) && !messages.includes(outcome)
}

/** Whether the outcome means that an answer of the target arrived. */
export function hasAnswer(outcome: Outcome): boolean {
  return outcome === 'answered' || outcome === 'late' || outcome === 'truncated' || outcome === 'partial'
}
