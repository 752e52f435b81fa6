import t from 'tap'
import { unixSeconds } from '../../src/kubernetes/objects.ts'

t.test('times of the API', async (t) => {
  t.equal(unixSeconds('2026-11-21T15:03:48Z'), 1_795_273_428)
  t.equal(unixSeconds('2026-11-21T15:03:48.250000Z'), 1_795_273_428.25)
  for (const none of [null, undefined, '', 'yesterday']) t.equal(unixSeconds(none), null)
})
