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

t.test('by how much a clock may be off is no change; whether it is kept is', async (t) => {
  const kept = (synchronised: boolean, maxErrorSeconds: number): Facts => ({
    timeKeeping: { daemon: 'chrony', synchronised, maxErrorSeconds, clockSource: 'tsc' },
  })
  t.ok(sameFacts(kept(true, 0.01), kept(true, 0.02)))
  t.notOk(sameFacts(kept(true, 0.01), kept(false, 0.01)))
})

t.test('the first facts are a change, none twice is not', async (t) => {
  t.notOk(sameFacts(null, {}))
  t.notOk(sameFacts(facts, null))
  t.ok(sameFacts(null, null))
})
