import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { addTo, carryRow, clear, createRing, sumOf } from '../src/ring.ts'

const minutes = () => createRing(2, 10, 60)

t.test('counts by row, and those that are counted', async (t) => {
  const ring = minutes()
  for (const [row, counts] of [
    [0, true],
    [0, false],
    [1, false],
  ] as const)
    addTo(ring, row, 6000, counts)
  t.same(sumOf(ring, 0, 6000), { asked: 2, counted: 1 })
  t.same(sumOf(ring, 1, 6000), { asked: 1, counted: 0 })
})

t.test('what is older than the ring is forgotten, in whole slots', async (t) => {
  const ring = minutes()
  addTo(ring, 0, 6000, true)
  t.equal(sumOf(ring, 0, 6000 + 599).asked, 1)
  t.equal(sumOf(ring, 0, 6000 + 600).asked, 0)
  addTo(ring, 0, 6600, false)
  t.same(sumOf(ring, 0, 6600), { asked: 1, counted: 0 }, 'its slot is used again')
  addTo(ring, 0, 6000, true)
  t.same(sumOf(ring, 0, 6600), { asked: 1, counted: 0 }, 'too late to count')
})

t.test('a late one counts in its own time', async (t) => {
  const ring = minutes()
  addTo(ring, 0, 6300, false)
  addTo(ring, 0, 6000, true)
  t.same(sumOf(ring, 0, 6300), { asked: 2, counted: 1 })
  t.same(sumOf(ring, 0, 6600), { asked: 1, counted: 0 })
})

t.test('the order changes nothing', async () => {
  const samples = fc.array(
    fc.record({ row: fc.nat(1), at: fc.integer({ min: 6000, max: 7500 }), counts: fc.boolean() }),
  )
  fc.assert(
    fc.property(samples, (all) => {
      const inOrder = minutes()
      const backwards = minutes()
      for (const { row, at, counts } of all) addTo(inOrder, row, at, counts)
      for (const { row, at, counts } of [...all].reverse()) addTo(backwards, row, at, counts)
      for (const row of [0, 1]) assert.deepEqual(sumOf(inOrder, row, 7500), sumOf(backwards, row, 7500))
    }),
  )
})

t.test('a slot that is full counts no further', async (t) => {
  const ring = createRing(1, 2, 60)
  for (let i = 0; i < 70_000; i++) addTo(ring, 0, 60, true)
  t.same(sumOf(ring, 0, 60), { asked: 65_535, counted: 65_535 })
})

t.test('cleared and carried', async (t) => {
  const ring = minutes()
  addTo(ring, 1, 6000, true)
  const next = createRing(3, 10, 60)
  carryRow(ring, 1, next, 2)
  t.same(sumOf(next, 2, 6000), { asked: 1, counted: 1 })
  t.same(sumOf(next, 0, 6000), { asked: 0, counted: 0 })
  clear(ring)
  t.same(sumOf(ring, 1, 6000), { asked: 0, counted: 0 })
})
