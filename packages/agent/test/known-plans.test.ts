import t from 'tap'
import { createKnownPlans } from '../src/known-plans.ts'
import { planOf } from './plans.ts'

t.test('keeps the plans that the current one or a waiting round needs', async (t) => {
  const [first, second, third] = [planOf({ intervalSeconds: 1 }), planOf({ intervalSeconds: 2 }), planOf()]
  const plans = createKnownPlans(first)
  plans.add(second)
  plans.add(third)
  plans.keepOnly(third, [{ counter: 1, endedAt: 0, planId: first.id, members: '', facts: null }])
  t.equal(plans.byId(first.id), first)
  t.equal(plans.byId(second.id), undefined)
  t.equal(plans.byId(third.id), third)
})
