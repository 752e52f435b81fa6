import type { Facts } from '@oddnode/protocol'
import t from 'tap'
import { sameFacts } from '../src/same-facts.ts'

const facts: Facts = {
  localAddresses: ['169.254.20.10'],
  conntrack: { entries: 100, max: 65_536, counters: { insert_failed: 1 } },
  udp: { InErrors: 0 },
}

t.test('counters that went on counting are no change', async (t) => {
  const later = {
    ...facts,
    conntrack: { entries: 120, max: 65_536, counters: { insert_failed: 2 } },
    udp: { InErrors: 7 },
  }
  t.ok(sameFacts(facts, later))
})

t.test('an address that moved, and a table that was resized, are', async (t) => {
  t.notOk(sameFacts(facts, { ...facts, localAddresses: [] }))
  t.notOk(sameFacts(facts, { ...facts, conntrack: { entries: 100, max: 131_072, counters: {} } }))
})

t.test('the first facts are a change, none twice is not', async (t) => {
  t.notOk(sameFacts(null, {}))
  t.notOk(sameFacts(facts, null))
  t.ok(sameFacts(null, null))
})
