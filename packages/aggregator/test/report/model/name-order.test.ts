import fc from 'fast-check'
import t from 'tap'
import { byName } from '../../../src/report/model/name-order.ts'

t.test('names in the order that people count in', async (t) => {
  const names = ['node-101', 'node-11', 'node-1', 'node-2', 'gke-a10-x', 'gke-a9-x', 'node-01', 'node', 'ip-10-0-0-9']
  t.strictSame(names.toSorted(byName), [
    'gke-a9-x',
    'gke-a10-x',
    'ip-10-0-0-9',
    'node',
    'node-01',
    'node-1',
    'node-2',
    'node-11',
    'node-101',
  ])
})

t.test('property: an order, in which only the same is equal', async () => {
  const name = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', '-'), maxLength: 8 })
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      const [x, y, z] = [byName(a, b), byName(b, c), byName(a, c)]
      const isTransitive = !(x <= 0 && y <= 0) || z <= 0
      return Math.sign(x) === -Math.sign(byName(b, a)) && (x === 0) === (a === b) && isTransitive
    }),
    { numRuns: 2000 },
  )
})
