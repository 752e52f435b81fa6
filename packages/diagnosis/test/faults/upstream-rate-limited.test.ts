import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { isFound } from './fault-names.ts'
import { faultCluster, named, type Sees, worldOf } from './fault-world.ts'

/** Of the queries of node-1, where CoreDNS runs, every fourth to the upstream is lost. */
const everyFourth =
  (node = 'node-1', isHit: (role: string) => boolean = (role) => role === 'upstream'): Sees =>
  (name, { vantage, role, transport }, round) =>
    name === node && vantage === 'host' && transport === 'udp' && isHit(role) && round % 4 === 3 ? 'timeout' : null

const limited = (findings: { fault: string }[]) => findings.filter(({ fault }) => fault === 'upstream-rate-limited')

t.test('a node with CoreDNS loses a share of its queries to the upstream', async (t) => {
  t.match(named(worldOf(everyFourth()), 30), [
    {
      fault: 'upstream-rate-limited',
      severity: 'warning',
      scope: { kind: 'node', nodes: ['node-1'] },
      story: /^node-1, with 1 CoreDNS pod, loses 2\d % of its queries to 192\.0\.2\.53, more under load\.$/,
    },
  ])
})

t.test('not without CoreDNS there, not on all nodes alike, not to every server, not a half', async (t) => {
  t.same(limited(named(worldOf(everyFourth('node-2')), 30)), [], 'no CoreDNS')
  const everywhere: Sees = (_, { vantage, role, transport }, round) =>
    vantage === 'host' && transport === 'udp' && role === 'upstream' && round % 4 === 3 ? 'timeout' : null
  t.same(limited(named(worldOf(everywhere), 30)), [], 'all nodes')
  t.same(limited(named(worldOf(everyFourth('node-1', () => true)), 30)), [], 'every server')
  const most: Sees = (node, { vantage, role }, round) =>
    node === 'node-1' && vantage === 'host' && role === 'upstream' && round % 4 !== 3 ? 'timeout' : null
  t.same(limited(named(worldOf(most), 30)), [], 'three of four')
})

t.test('not while cluster names fail too', async (t) => {
  const both: Sees = (node, probe, round) =>
    node === 'node-1' && probe.role === 'endpoint' && probe.question === 'kubernetes'
      ? 'SERVFAIL'
      : everyFourth()(node, probe, round)
  t.same(limited(named(worldOf(both), 30)), [])
})

t.test('without the API nobody knows where CoreDNS runs', async (t) => {
  const cluster: Cluster = { ...faultCluster(), dns: { ...faultCluster().dns, endpoints: null } }
  t.same(limited(named(worldOf(everyFourth(), { cluster }), 30)), [])
})

t.test('not where every server loses a little', async (t) => {
  const all: Sees = (node, { vantage, transport, question }, round) =>
    node === 'node-1' && vantage === 'host' && transport === 'udp' && (round + question.length) % 8 === 0
      ? 'timeout'
      : null
  t.notOk(isFound('upstream-rate-limited', all, {}, 40))
})
