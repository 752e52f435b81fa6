import t from 'tap'
import { type Outcome, outcomes, type Question } from '../src/closed-sets.ts'
import { hasAnswer, judge } from '../src/judge.ts'

const asked = (question: Question) => ({ question, edns: { udpPayloadSize: 1232, nsid: false } })

t.test('an answer is judged by the RCODE that its question expects', async (t) => {
  const cases: [Question, number, string][] = [
    ['kubernetes', 0, 'good'],
    ['kubernetes', 2, 'bad'],
    ['kubernetes', 3, 'bad'],
    ['missing', 3, 'good'],
    ['missing', 0, 'bad'],
    ['invalid', 0, 'bad'],
    ['identity', 5, 'good'],
    ['wildcard', 3, 'good'],
    ['wildcard', 0, 'bad'],
  ]
  for (const [question, rcode, wanted] of cases) {
    t.equal(judge(asked(question), { outcome: 'answered', rcode }), wanted, `${question} ${rcode}`)
  }
})

t.test('late is neither good nor bad, the agent’s own error says nothing, everything else is bad', async (t) => {
  const neither: Partial<Record<Outcome, string>> = { answered: 'good', late: 'late', 'local-error': 'none' }
  for (const outcome of outcomes) {
    t.equal(judge(asked('kubernetes'), { outcome, rcode: 0 }), neither[outcome] ?? 'bad', outcome)
  }
})

t.test('trap: no answer is the good one', async (t) => {
  t.equal(judge(asked('trap'), { outcome: 'timeout', rcode: null }), 'good')
  t.equal(judge(asked('trap'), { outcome: 'answered', rcode: 0 }), 'bad')
  t.equal(judge(asked('trap'), { outcome: 'late', rcode: 3 }), 'bad')
  t.equal(judge(asked('trap'), { outcome: 'local-error', rcode: null }), 'none')
})

t.test('TC is not success, but where the answer cannot fit it is expected', async (t) => {
  const truncated = { outcome: 'truncated', rcode: 0 } as const
  t.equal(judge(asked('kubernetes'), truncated), 'bad')
  t.equal(judge({ question: 'kubernetes' }, truncated), 'bad', 'a small answer fits without EDNS too')
  t.equal(judge({ ...asked('large'), size: 1400 }, truncated), 'good')
  t.equal(judge({ ...asked('large'), size: 1232 }, truncated), 'bad')
  t.equal(judge({ question: 'large', size: 1232 }, truncated), 'good', 'without OPT 512 octets are all')
})

t.test('what means that an answer arrived', async (t) => {
  t.same(outcomes.filter(hasAnswer), ['answered', 'late', 'truncated', 'partial'])
})
