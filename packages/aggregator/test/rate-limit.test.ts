import t from 'tap'
import { createRateLimit } from '../src/rate-limit.ts'

t.test('a burst, then one by one', async (t) => {
  const limit = createRateLimit(0.5, 3, 10)
  t.strictSame(
    [1, 2, 3].map(() => limit.take('a', 100)),
    [0, 0, 0],
  )
  t.equal(limit.take('a', 100), 2, 'seconds until there is a token')
  t.equal(limit.take('a', 101), 1, 'half a token')
  t.equal(limit.take('a', 102), 0)
  t.equal(limit.take('b', 100), 0, 'another agent has its own bucket')
  t.equal(limit.take('a', 10_000), 0)
  t.strictSame(
    [1, 2].map(() => limit.take('a', 10_000)),
    [0, 0],
    'never more than full',
  )
  t.ok(limit.take('a', 10_000) > 0)
})

t.test('made-up names cost no memory', async (t) => {
  const limit = createRateLimit(1, 2, 100)
  for (let i = 0; i < 10_000; i++) limit.take(`node-${i}`, i)
  t.equal(limit.size(), 100)
})

t.test('an agent that pushes all the time is not the one that is forgotten', async (t) => {
  const limit = createRateLimit(0.001, 1, 2)
  limit.take('busy', 0)
  for (let i = 0; i < 10; i++) {
    limit.take(`other-${i}`, 0)
    t.ok(limit.take('busy', 0) > 0, 'still empty')
  }
})
