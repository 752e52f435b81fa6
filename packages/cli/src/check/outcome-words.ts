import { durationWords, expectedWords } from '@oddnode/diagnosis'
import { judge, type Observation, type PlannedProbe, type Role, rcodeName } from '@oddnode/protocol'

type Asked = Pick<PlannedProbe, 'transport' | 'question' | 'size' | 'edns'> & { role?: Role }

/**
 * What one query came to, for a person who has never seen a DNS message.
 * @param closeSeconds how long an answer was waited for
 */
export function outcomeWords(asked: Asked, seen: Observation, closeSeconds: number): string {
  const { outcome, source, error, seconds } = seen
  switch (outcome) {
    case 'answered':
      return answerWords(asked, seen)
    case 'late':
      return isUnsettled(asked, seen)
        ? unsettledWords(seen)
        : `right, but only after ${durationWords(seconds ?? closeSeconds)}`
    case 'truncated':
      return 'cut off, as large answers over UDP are'
    case 'partial':
      return 'only one of two queries sent together was answered'
    case 'timeout':
      return asked.question === 'trap' ? 'silence, as it should be' : `no answer in ${durationWords(closeSeconds)}`
    case 'refused':
      return 'refused: nothing listens there, or a filter says so'
    case 'unreachable':
      return `no way there${because(error)}`
    case 'denied':
      return `this machine's own filter let no query out${because(error)}`
    case 'closed':
      return `the connection ended before the answer${because(error)}`
    case 'wrong-source':
      return `the answer came from ${source ?? 'another address'}`
    case 'mismatch':
      return `an answer to another question${because(error)}`
    case 'malformed':
      return `an answer that cannot be read${because(error)}`
    case 'local-error':
      return `not asked: this machine could not${because(error)}`
  }
}

function answerWords(asked: Asked, seen: Observation): string {
  if (isUnsettled(asked, seen)) return unsettledWords(seen)
  if (judge(asked, seen, asked.role) !== 'bad') return asked.question === 'connect' ? 'connected' : 'answered'
  if (asked.question === 'trap') return 'answered, though nobody lives there'
  if (asked.question === 'case' && seen.echoed === false) return 'the question came back changed'
  return seen.rcode === null
    ? `not as expected${because(seen.error)}`
    : `${rcodeName(seen.rcode)} instead of ${expectedWords(asked.question)}`
}

const isUnsettled = (asked: Asked, seen: Observation): boolean => judge(asked, seen, asked.role) === 'none'

const unsettledWords = ({ rcode }: Observation): string =>
  `${rcodeName(rcode ?? 0)}, which settles nothing: it cannot ask there`

const because = (error: string | null): string => (error === null ? '' : ` (${error})`)
