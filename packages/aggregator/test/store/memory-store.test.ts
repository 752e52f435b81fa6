import t from 'tap'
import { createMemoryStore } from '../../src/store/memory-store.ts'
import { emptyBatch } from '../../src/store/store.ts'
import { finding, findingRow, fullBatch } from './fixtures.ts'

const nth = (i: number) => i.toString(16).padStart(16, '0')
const at = (seconds: number) => new Date(seconds * 1000).toISOString()

t.test('it has the ended findings, the latest first, and nothing for a restart', async (t) => {
  const store = createMemoryStore()
  store.commit(fullBatch())
  store.commit({
    ...emptyBatch(),
    findings: [finding(nth(1), at(1000)), finding(nth(2), at(3000)), finding(nth(3), at(2000))].map((one) =>
      findingRow(one),
    ),
  })
  t.strictSame(
    store.endedFindings(0, 2).map(({ id }) => id),
    ['bbbbbbbbbbbbbbbb', nth(2)],
  )
  t.strictSame(
    store.endedFindings(2000, 9).map(({ id }) => id),
    ['bbbbbbbbbbbbbbbb', nth(2), nth(3)],
  )
  t.strictSame(store.load(), { plans: new Map(), agents: [], findings: [] })
  t.equal(store.finding(nth(2))?.id, nth(2))
  t.equal(store.finding('none'), null)
  t.strictSame(store.past(1000), { why: 'nothing-kept', before: null, after: null })
  store.close()
})

t.test('one that comes back is not ended', async (t) => {
  const store = createMemoryStore()
  store.commit({ ...emptyBatch(), findings: [findingRow(finding(nth(1), at(1000)))] })
  store.commit({ ...emptyBatch(), findings: [findingRow(finding(nth(1)))] })
  t.strictSame(store.endedFindings(0, 9), [])
})

t.test('memory is bounded, and pruned', async (t) => {
  const store = createMemoryStore()
  for (let i = 0; i < 3000; i++) store.commit({ ...emptyBatch(), findings: [findingRow(finding(nth(i), at(i)))] })
  t.equal(store.endedFindings(0, 1e6).length, 1000)
  store.prune(2500)
  t.equal(store.endedFindings(0, 1e6).length, 500)
})
