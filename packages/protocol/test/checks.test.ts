import t from 'tap'
import { checkOf, checkPushAnswer } from '../src/checks.ts'
import { makePlan } from '../src/make-plan.ts'
import { planInput } from './plan-input.ts'

t.test('a value of the type comes back as it was', async (t) => {
  const answer = { receivedAt: 1, sentAt: 2, plan: makePlan(planInput()), wantFacts: true, suspects: [0, 3] }
  const checked = checkPushAnswer(answer)
  t.ok('value' in checked && checked.value === answer)
})

t.test('what is wrong, where, and what would have been right', async (t) => {
  const plan = makePlan(planInput())
  for (const [answer, pointer, message] of [
    [undefined, '', 'must be object'],
    [{ receivedAt: 1 }, '', "must have required property 'sentAt'"],
    [{ receivedAt: 1, sentAt: '2' }, '/sentAt', 'must be number'],
    [{ receivedAt: 1, sentAt: 2, more: 1 }, '', 'must NOT have additional properties'],
    [{ receivedAt: 1, sentAt: 2, plan: { ...plan, intervalSeconds: 0 } }, '/plan/intervalSeconds', 'must be >= 0.2'],
    [{ receivedAt: 1, sentAt: 2, suspects: [256] }, '/suspects/0', 'must be <= 255'],
  ] as const) {
    t.match(checkPushAnswer(answer), { errors: [{ pointer, message }] })
  }
})

t.test('a check that says nothing in words is still an error', async (t) => {
  const silent = Object.assign(() => false, { errors: [{ instancePath: '/a', params: { limit: 1 } }] })
  t.strictSame(checkOf(silent)(0), { errors: [{ pointer: '/a', message: 'is wrong', params: { limit: 1 } }] })
  t.strictSame(checkOf(Object.assign(() => false, { errors: null }))(0), { errors: [] })
})
