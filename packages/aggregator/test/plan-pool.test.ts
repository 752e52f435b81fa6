import type { Plan } from '@oddnode/protocol'
import t from 'tap'
import { createPlanPool } from '../src/plan-pool.ts'
import { clusterPlan } from './pushing.ts'

t.test('one object for equal plans', async (t) => {
  const pool = createPlanPool(() => [])
  const first = clusterPlan('host')
  t.equal(pool.intern(first), first)
  t.equal(pool.intern(structuredClone(first)), first)
  t.equal(pool.size(), 1)
})

t.test('an id is not believed: another plan under the same id changes nobody else’s', async (t) => {
  const pool = createPlanPool(() => [])
  const first = pool.intern(clusterPlan('host'))
  const forged: Plan = { ...clusterPlan('pod'), id: first.id }
  t.equal(pool.intern(forged), forged, 'kept by its agent alone')
  t.equal(pool.intern(structuredClone(first)), first)
})

t.test('plans that nobody has are forgotten', async (t) => {
  const kept = { ...clusterPlan('host'), id: 'aa' }
  const pool = createPlanPool(() => [kept])
  pool.intern(kept)
  for (let i = 0; i < 10_000; i++) pool.intern({ ...kept, id: i.toString(16) })
  t.ok(pool.size() <= 64, `${pool.size()} plans`)
  t.equal(pool.intern(structuredClone(kept)), kept, 'one in use stays')
})
