import { observationOf, outcomes, type PlannedProbe } from '@oddnode/protocol'
import t from 'tap'
import { outcomeWords } from '../../src/check/outcome-words.ts'

const udp = (question: PlannedProbe['question']) => ({ transport: 'udp' as const, question })

t.test('every outcome has words that need no manual', async (t) => {
  const words = outcomes.map((outcome) => outcomeWords(udp('kubernetes'), observationOf(outcome, { rcode: 0 }), 5))
  t.equal(new Set(words).size, outcomes.length)
  t.notMatch(words.join(), /undefined|null/)
})

t.test('with what tells most about each', async (t) => {
  const cases = [
    [outcomeWords(udp('kubernetes'), observationOf('answered', { rcode: 0 }), 5), 'answered'],
    [outcomeWords(udp('kubernetes'), observationOf('answered', { rcode: 2 }), 5), 'SERVFAIL instead of NOERROR'],
    [outcomeWords(udp('missing'), observationOf('answered', { rcode: 0 }), 5), 'NOERROR instead of NXDOMAIN'],
    [outcomeWords(udp('kubernetes'), observationOf('timeout'), 5), 'no answer in 5 s'],
    [outcomeWords(udp('trap'), observationOf('timeout'), 5), 'silence, as it should be'],
    [outcomeWords(udp('trap'), observationOf('answered', { rcode: 0 }), 5), 'answered, though nobody lives there'],
    [
      outcomeWords(udp('case'), observationOf('answered', { rcode: 0, echoed: false }), 5),
      'the question came back changed',
    ],
    [outcomeWords(udp('connect'), observationOf('answered'), 5), 'connected'],
    [
      outcomeWords(udp('invalid'), observationOf('answered', { rcode: 2 }), 5),
      'SERVFAIL, which settles nothing: it cannot ask there',
    ],
    [
      outcomeWords({ ...udp('invalid'), role: 'resolv-conf' }, observationOf('answered', { rcode: 5 }), 5),
      'REFUSED instead of NXDOMAIN',
    ],
    [
      outcomeWords(udp('kubernetes'), observationOf('late', { rcode: 0, seconds: 3.2 }), 5),
      'right, but only after 3.2 s',
    ],
    [
      outcomeWords(udp('kubernetes'), observationOf('wrong-source', { source: '10.0.0.9:53' }), 5),
      'the answer came from 10.0.0.9:53',
    ],
    [
      outcomeWords(udp('kubernetes'), observationOf('unreachable', { error: 'ENETUNREACH' }), 5),
      'no way there (ENETUNREACH)',
    ],
  ]
  for (const [words, expected] of cases) t.equal(words, expected)
})
