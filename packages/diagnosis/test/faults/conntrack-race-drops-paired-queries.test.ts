import type { Facts, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { faultWorld, named, nodeLocalFacts, type Sees, worldOf } from './fault-world.ts'

/** Every fifth pair of pods on node-2 comes back with one answer. */
const oneSided: Sees = (node, { question, role }, round) =>
  node === 'node-2' && question === 'pair' && role === 'cluster-dns' && round % 5 === 4 ? 'partial' : null

const raced = (findings: { fault: string }[]) =>
  findings.filter(({ fault }) => fault === 'conntrack-race-drops-paired-queries')

/** Facts whose counter of failed insertions grows with each reading, or stays. */
const factsThat = (grow: boolean) => {
  let failed = 0
  return (node: string, vantage: Vantage): Facts => {
    if (grow) failed++
    return {
      ...nodeLocalFacts(node, vantage),
      conntrack: { entries: 100, max: 1000, counters: { insert_failed: failed } },
    }
  }
}

t.test('pairs lose one answer now and then, and conntrack failed to insert', async (t) => {
  t.match(named(worldOf(oneSided, { facts: factsThat(true) }), 20), [
    {
      fault: 'conntrack-race-drops-paired-queries',
      severity: 'warning',
      confidence: 'certain',
      scope: { kind: 'node', nodes: ['node-2'] },
      story:
        /^On node-2 one of two queries sent together is lost now and then \(4 of \d+ pairs in an hour\): programs that ask for A and AAAA at once wait 5 s\.$/,
    },
  ])
})

t.test('without the counter it is possible, with one that does not grow it is not that', async (t) => {
  t.match(named(worldOf(oneSided), 20), [{ confidence: 'possible' }])
  t.same(raced(named(worldOf(oneSided, { facts: factsThat(false) }), 20)), [])
})

t.test('two pairs are no pattern; single queries lost too are another fault', async (t) => {
  t.same(raced(named(worldOf(oneSided, { facts: factsThat(true) }), 10)), [])
  let asked = 0
  const singles: Sees = (node, probe, round) =>
    oneSided(node, probe, round) ??
    (node === 'node-2' && probe.vantage === 'pod' && probe.transport === 'udp' && asked++ % 12 === 0 ? 'timeout' : null)
  t.same(raced(named(worldOf(singles, { facts: factsThat(true) }), 20)), [])
})

t.test('where pairs straight to a CoreDNS pod lose one too, it follows the pod', async (t) => {
  const both: Sees = (node, { question }, round) =>
    node === 'node-2' && question === 'pair' && round % 5 === 4 ? 'partial' : null
  t.same(raced(named(worldOf(both, { facts: factsThat(true) }), 20)), [])
  const direct: Sees = (node, probe, round) => (probe.role === 'endpoint' ? both(node, probe, round) : null)
  t.same(raced(named(worldOf(direct, { facts: factsThat(true) }), 20)), [])
})

t.test('an hour later it is forgotten', async (t) => {
  const world = faultWorld({ facts: factsThat(true) })
  t.equal(raced(world.run(20, oneSided)).length, 1)
  t.same(raced(world.run(245, () => null)), [])
})
