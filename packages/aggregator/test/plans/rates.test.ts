import t from 'tap'
import { queriesOf, ratesOf, wayOf } from '../../src/plans/rates.ts'
import { clusterPlan } from '../pushing.ts'

const target = (role: 'node-local' | 'cluster-dns' | 'endpoint', address: string) => ({
  role,
  address,
  port: 53,
  learnedFrom: 'kubernetes' as const,
})

t.test('what comes to a CoreDNS pod, by its way there', async (t) => {
  const rates = ratesOf([clusterPlan('host'), clusterPlan('pod')])
  for (const way of ['direct', 'clusterIp', 'nodeLocal'] as const) {
    t.ok(rates[way](1) > rates[way](2) && rates[way](2) > rates[way](64), `${way} is less where it is rarer`)
  }
  t.ok(rates.direct(1) >= 6 / 15, 'three questions of two vantages each round')
})

t.test('a pair is two queries, a question after truncation none', async (t) => {
  const host = ratesOf([clusterPlan('host', { targets: [target('cluster-dns', '10.96.0.10')] })])
  const pod = ratesOf([clusterPlan('pod', { targets: [target('cluster-dns', '10.96.0.10')] })])
  t.ok(Math.abs(pod.clusterIp(1) - host.clusterIp(1) - 3 / 15) < 1e-9, 'the pod adds a pair and the fixed port')
  t.equal(host.direct(1), 0)
  t.equal(host.nodeLocal(1), 0)
})

t.test('rounds that are rarer than a probe’s own period count', async (t) => {
  const rates = ratesOf([clusterPlan('host', { intervalSeconds: 300 })])
  t.ok(rates.direct(1) < ratesOf([clusterPlan('host')]).direct(1))
})

t.test('by which way a query comes to a CoreDNS pod', async (t) => {
  t.equal(wayOf('endpoint', { question: 'external' }), 'direct')
  t.equal(wayOf('cluster-dns-upstream', { question: 'kubernetes' }), 'clusterIp')
  t.equal(wayOf('node-local', { question: 'kubernetes' }), 'nodeLocal')
  t.equal(wayOf('node-local', { question: 'external' }), null, 'it asks that elsewhere')
  for (const role of ['upstream', 'resolv-conf', 'api-server', undefined] as const)
    t.equal(wayOf(role, { question: 'kubernetes' }), null)
})

t.test('what a probe sends', async (t) => {
  const probe = { target: 0, transport: 'udp', everySeconds: 0, sourcePort: 'fresh' } as const
  t.equal(queriesOf({ ...probe, question: 'pair' }), 2)
  t.equal(queriesOf({ ...probe, question: 'kubernetes' }), 1)
  t.equal(queriesOf({ ...probe, question: 'kubernetes', onlyAfterTruncation: true }), 0)
  for (const question of ['reach', 'health', 'connect'] as const) t.equal(queriesOf({ ...probe, question }), 0)
})
