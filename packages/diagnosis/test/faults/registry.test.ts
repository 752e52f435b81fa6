import t from 'tap'
import { faults } from '../../src/faults/registry.ts'

t.test('every fault of the catalogue has a name of its own, that is also an address', async (t) => {
  t.same(
    faults.map(({ name }) => name),
    ['node-not-observed', 'vantage-silent', 'node-clock-wrong', 'unexplained-difference'],
  )
  for (const { name, references } of faults) {
    t.match(name, /^[a-z]+(-[a-z]+)*$/)
    t.ok(references.every((reference) => reference.startsWith('https://')))
  }
})
