import t from 'tap'
import { boundCellIds, cellIdsOf, createCellIds } from '../src/cell-ids.ts'
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

t.test('numbers are given anew when there are too many', async (t) => {
  const ids = createCellIds()
  cellIdsOf(ids, clusterPlan)
  boundCellIds(ids)
  t.equal(ids.ids.size, 5)
  for (let i = 0; i < 200_000; i++) ids.ids.set(`key ${i}`, i + 5)
  boundCellIds(ids)
  t.equal(ids.ids.size, 0)
  t.same([...cellIdsOf(ids, clusterPlan)], [0, 1, 2, 3, 4])
})
