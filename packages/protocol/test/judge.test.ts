import t from 'tap'
import { type Outcome, outcomes } from '../src/closed-sets.ts'
import { judge } from '../src/judge.ts'
import { observationOf } from '../src/samples.ts'

const answered = (rcode: number | null) => observationOf('answered', { rcode })

t.test('an answer is good if its RCODE is expected', async (t) => {
  t.equal(judge(answered(0), 'kubernetes'), 'good')
  t.equal(judge(answered(3), 'kubernetes'), 'bad')
  t.equal(judge(answered(null), 'kubernetes'), 'bad')
  t.equal(judge(answered(3), 'missing'), 'good')
  t.equal(judge(answered(0), 'missing'), 'bad', 'a name that must not exist')
  t.equal(judge(answered(5), 'identity'), 'good', 'any RCODE')
})

t.test('slow is another fault than dead, and our own trouble says nothing of the target', async (t) => {
  t.equal(judge(observationOf('late', { rcode: 0 }), 'kubernetes'), 'neither')
  t.equal(judge(observationOf('local-error'), 'trap'), 'neither')
})

t.test('TC is not success, unless the question asks for more than fits', async (t) => {
  t.equal(judge(observationOf('truncated', { rcode: 0 }), 'large'), 'bad')
  t.equal(judge(observationOf('truncated', { rcode: 0 }), 'large', true), 'good')
})

t.test('every other outcome is bad, but where no answer is the good one', async (t) => {
  const failures = outcomes.filter(
    (outcome: Outcome) => !['answered', 'late', 'truncated', 'local-error'].includes(outcome),
  )
  for (const outcome of failures) {
    t.equal(judge(observationOf(outcome), 'kubernetes'), 'bad')
    t.equal(judge(observationOf(outcome), 'identity'), 'bad')
    t.equal(judge(observationOf(outcome), 'trap'), 'good')
  }
  t.equal(judge(answered(0), 'trap'), 'bad', 'somebody answers where nobody lives')
})
