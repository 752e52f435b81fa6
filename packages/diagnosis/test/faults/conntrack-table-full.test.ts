import type { Facts, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { faultWorld, named, nodeLocalFacts, type Sees, worldOf } from './fault-world.ts'

/** Facts of a table that is full so far, and drops with each reading or not. */
const factsWith = (entries: number, dropping: boolean) => {
  let drops = 0
  return (node: string, vantage: Vantage): Facts => {
    if (dropping) drops++
    return {
      ...nodeLocalFacts(node, vantage),
      conntrack: { entries: node === 'node-2' ? entries : 10, max: 1000, counters: { drop: drops } },
    }
  }
}

const dropped: Sees = (node, { vantage, transport, role, sourcePort, question }) => {
  const fresh = sourcePort === 'fresh' && question !== 'pair'
  if (node !== 'node-2' || transport !== 'udp' || role === 'node-local' || !fresh) return null
  return vantage === 'host' ? 'denied' : 'timeout'
}

t.test('the table is full and fresh queries are dropped', async (t) => {
  t.match(named(worldOf(dropped, { facts: factsWith(990, true) })), [
    {
      fault: 'conntrack-table-full',
      severity: 'critical',
      confidence: 'certain',
      scope: { kind: 'node', nodes: ['node-2'] },
      story: 'The connection table of node-2 is full (990 of 1000): new connections and queries are dropped.',
    },
  ])
})

t.test('from 90 % on it warns, while nothing fails', async (t) => {
  t.match(named(worldOf(() => null, { facts: factsWith(910, false) })), [
    { fault: 'conntrack-table-full', severity: 'warning', story: /is nearly full \(910 of 1000\)/ },
  ])
  t.same(named(worldOf(() => null, { facts: factsWith(890, false) })), [])
})

t.test('what fails with room in the table, or with another outcome, is another fault', async (t) => {
  const isFull = (findings: { fault: string }[]) => findings.filter(({ fault }) => fault === 'conntrack-table-full')
  t.same(isFull(named(worldOf(dropped, { facts: factsWith(500, true) }))), [])
  const refused: Sees = (...seen) => (dropped(...seen) === null ? null : 'refused')
  t.same(isFull(named(worldOf(refused, { facts: factsWith(990, true) }))), [])
  t.same(isFull(named(worldOf(dropped, { facts: factsWith(990, false) }))), [], 'the kernel drops nothing')
})

t.test('it ends when the table has room', async (t) => {
  let entries = 910
  const world = faultWorld({ facts: (node, vantage) => factsWith(entries, false)(node, vantage) })
  t.equal(world.run(4, () => null).length, 1)
  entries = 100
  t.same(
    world.run(4, () => null),
    [],
  )
})

t.test('not full, only nearly, whatever is dropped meanwhile', async (t) => {
  const { world, run } = faultWorld({ facts: factsWith(920, true) })
  run(8, dropped)
  const found = [...world.fleet.findings.values()].filter(({ fault }) => fault === 'conntrack-table-full')
  t.same(
    found.map(({ severity }) => severity),
    ['warning'],
  )
})
