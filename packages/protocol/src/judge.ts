import type { Question } from './closed-sets.ts'
import { expectedRcodes } from './expected.ts'
import type { Observation } from './observation.ts'

/** `neither`: late (slow is another fault than dead), or the agent's own error, which says nothing about the target. */
export type Judgement = 'good' | 'bad' | 'neither'

/**
 * Is this observation what a healthy server gives?
 * @param truncationExpected the question asks for more than fits without EDNS: TC is then the right answer
 */
export function judge(observation: Observation, question: Question, truncationExpected = false): Judgement {
  const expected = expectedRcodes[question]
  switch (observation.outcome) {
    case 'local-error':
      return 'neither'
    case 'late':
      return 'neither'
    case 'truncated':
      return truncationExpected ? 'good' : 'bad'
    case 'answered':
      if (expected === null) return 'good'
      return observation.rcode !== null && expected.includes(observation.rcode) ? 'good' : 'bad'
    default:
      return expected !== null && expected.length === 0 ? 'good' : 'bad'
  }
}
