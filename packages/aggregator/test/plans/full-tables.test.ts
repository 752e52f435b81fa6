import type { Facts } from '@oddnode/protocol'
import t from 'tap'
import { createFullTables } from '../../src/plans/full-tables.ts'

t.test('a table is full from 95 % on, and until it is below 90 %', async (t) => {
  const host: { facts: Facts | null } = { facts: null }
  const isFull = createFullTables((node) => (node === 'node-1' ? host : undefined))
  const isFullAt = (entries: number | null, max: number | null = 1000) => {
    host.facts = { conntrack: { entries, max, counters: {} } }
    return isFull('node-1')
  }
  t.notOk(isFull('node-1'), 'nothing is known yet')
  t.notOk(isFullAt(949))
  t.ok(isFullAt(950))
  t.ok(isFullAt(900), 'no new plan with every reading in between')
  t.notOk(isFullAt(899))
  t.notOk(isFullAt(949))
  t.ok(isFullAt(1000))
  t.notOk(isFullAt(null), 'what cannot be read is not full')
  t.notOk(isFullAt(1000, null))
  t.notOk(isFull('node-2'), 'nor is that of a node without a host agent')
})

t.test('facts that tell nothing of the table', async (t) => {
  const isFull = createFullTables(() => ({ facts: {} }))
  t.notOk(isFull('node-1'))
})
