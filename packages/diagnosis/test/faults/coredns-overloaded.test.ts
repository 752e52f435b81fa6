import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { faultWorld, named, type Sees, worldOf } from './fault-world.ts'

const slowFrom =
  (nodes: readonly string[], seconds = 0.3, servers: readonly string[] = ['10.244.1.2']): Sees =>
  (node, { role, address, question }) =>
    nodes.includes(node) &&
    role === 'endpoint' &&
    servers.includes(address) &&
    (question === 'version' || question === 'kubernetes')
      ? observationOf('answered', { rcode: 0, seconds, answers: ['10.96.0.1'] })
      : null

const everyNode = ['node-1', 'node-2', 'node-3']

t.test('one CoreDNS pod is slow for every node', async (t) => {
  t.match(named(worldOf(slowFrom(everyNode)), 10), [
    {
      fault: 'coredns-overloaded',
      severity: 'critical',
      scope: { kind: 'endpoint', subject: { role: 'endpoint', address: '10.244.1.2' } },
      story:
        /^CoreDNS at 10\.244\.1\.2 is overloaded: answers that need neither API nor upstream take 300 ms \((4|5)\d\d µs before\) from every node\.$/,
    },
  ])
  const givingUp: Sees = (node, probe, round) =>
    probe.role === 'node-local' && node !== 'node-3' ? 'SERVFAIL' : slowFrom(everyNode)(node, probe, round)
  t.same(
    named(worldOf(givingUp), 10).map(({ fault }) => fault),
    ['coredns-overloaded'],
    'and what caches make of it whose connection leads there',
  )
})

t.test('every CoreDNS pod is, which is one finding', async (t) => {
  const all = slowFrom(everyNode, 0.3, ['10.244.1.2', '10.244.3.2'])
  t.match(named(worldOf(all), 10), [
    { fault: 'coredns-overloaded', scope: { kind: 'cluster', subject: null }, story: /^CoreDNS is overloaded: / },
  ])
  const givingUp: Sees = (node, probe, round) => (probe.role === 'node-local' ? 'SERVFAIL' : all(node, probe, round))
  t.same(
    named(worldOf(givingUp), 10).map(({ fault }) => fault),
    ['coredns-overloaded'],
    'and what caches make of it',
  )
})

t.test('from one node only, below 50 ms, or below what counts as slow here, it is not', async (t) => {
  const overloaded = (findings: { fault: string }[]) => findings.filter(({ fault }) => fault === 'coredns-overloaded')
  t.same(overloaded(named(worldOf(slowFrom(['node-2'])), 10)), [])
  t.same(overloaded(named(worldOf(slowFrom(everyNode, 0.04)), 10)), [])
  t.same(overloaded(named(worldOf(slowFrom(everyNode, 0.2), { thresholds: { slowSeconds: 0.25 } }), 10)), [])
})

t.test('a single answer that hung is not overload', async (t) => {
  const once: Sees = (node, probe, round) => (round === 9 ? slowFrom(everyNode, 1.5)(node, probe, round) : null)
  t.same(named(worldOf(once), 10), [])
})

t.test('it stands for as long as it lasts', async (t) => {
  t.equal(faultWorld().run(300, slowFrom(everyNode, 0.15)).length, 1, 'over an hour')
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.equal(world.run(10, slowFrom(everyNode)).length, 1)
  t.same(
    world.run(10, () => null),
    [],
  )
})
