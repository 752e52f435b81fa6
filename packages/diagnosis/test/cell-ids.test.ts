import t from 'tap'
import { cellIdsOf, createCellIds, hasTooMany } from '../src/cell-ids.ts'
import { clusterPlan, planOf } from './world.ts'

t.test('the same probe has the same number in every plan', async (t) => {
  const ids = createCellIds()
  const other = planOf(
    [
      { role: 'upstream', address: '192.0.2.1' },
      { role: 'endpoint', address: '10.244.0.7' },
    ],
    'b2',
  )
  t.same([...cellIdsOf(ids, clusterPlan)], [0, 1, 2, 3, 4])
  t.same([...cellIdsOf(ids, other)], [5, 4])
  t.equal(cellIdsOf(ids, other), cellIdsOf(ids, other), 'worked out once')
})

t.test('too many numbers are noticed', async (t) => {
  const ids = createCellIds()
  cellIdsOf(ids, clusterPlan)
  t.notOk(hasTooMany(ids))
  for (let i = 0; i < 200_000; i++) ids.ids.set(`key ${i}`, i + 5)
  t.ok(hasTooMany(ids))
})
