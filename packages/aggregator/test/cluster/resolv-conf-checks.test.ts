import t from 'tap'
import type { AgentFacts } from '../../src/cluster/agent-facts.ts'
import { type Expected, resolvConfChecks } from '../../src/cluster/resolv-conf-checks.ts'
import { hostAgent, podAgent, podSearch, resolvConfOf } from './agents.ts'

const expected: Expected = {
  namespace: 'oddnode',
  clusterDomain: 'cluster.local',
  forwardsToResolvConf: true,
  events: [],
}
const of = (id: string, agents: AgentFacts[], changed: Partial<Expected> = {}) =>
  resolvConfChecks(agents, { ...expected, ...changed }).find((check) => check.id === id)
const pod = (node: string, changed: Parameters<typeof resolvConfOf>[0]): AgentFacts => ({
  node,
  vantage: 'pod',
  facts: { resolvConf: resolvConfOf({ search: podSearch, ...changed }) },
})

t.test('all well', async (t) => {
  const checks = resolvConfChecks([podAgent('node-1', '10.96.0.10'), hostAgent('node-1', '192.0.2.53')], expected)
  t.strictSame(
    checks.map(({ id, passed }) => [id, passed]),
    [
      ['search-domains-repeated', true],
      ['nameserver-limit', true],
      ['systemd-resolved-loop', true],
      ['namespace-search', true],
    ],
  )
  t.equal(checks[0]?.detail, 'Every search domain is named once, as 2 agents tell.')
})

t.test('nobody has told yet', async (t) => {
  const checks = resolvConfChecks([{ node: 'node-1', vantage: 'pod', facts: null }], expected)
  t.strictSame(
    checks.map(({ passed }) => passed),
    [null, null, null, null],
  )
})

t.test('duplicate search domains', async (t) => {
  t.match(of('search-domains-repeated', [pod('node-2', { search: [...podSearch, 'cluster.local'] })]), {
    passed: false,
    detail: 'The resolv.conf of node-2 (pod) names a search domain twice.',
  })
})

t.test('more nameservers than are used', async (t) => {
  const many = ['1', '2', '3', '4', '5', '6'].map((i) =>
    pod(`node-${i}`, { limits: ['4 nameservers: only 3 are used'] }),
  )
  t.match(of('nameserver-limit', many), {
    passed: false,
    detail:
      'The resolv.conf of node-1 (pod), node-2 (pod), node-3 (pod), node-4 (pod) and 2 more names more than the limits of glibc and musl allow.',
  })
  t.match(of('nameserver-limit', [pod('node-1', { nameservers: ['1', '2', '3', '4'] })]), { passed: false })
})

t.test('more nameservers than kubelet lets through: the copies look well', async (t) => {
  const message = 'Nameserver limits were exceeded, some nameservers have been omitted'
  const cut = (node: string | null) =>
    ({ reason: 'DNSConfigForming', node, pod: 'oddnode/agent', message, lastSeenAt: 1 }) as const
  const missing = { ...cut('node-9'), reason: 'MissingClusterDNS' } as const
  const agents = [hostAgent('node-1', '192.0.2.53')]
  t.match(
    of('nameserver-limit', agents, { events: [cut('node-2'), cut('node-1'), cut('node-1'), cut(null), missing] }),
    {
      passed: false,
      detail: `kubelet cuts the resolv.conf of node-1, node-2: ${message}`,
    },
  )
  t.match(of('nameserver-limit', agents, { events: [missing] }), { passed: true })
})

t.test('the loop through systemd-resolved', async (t) => {
  const loop = [hostAgent('node-1', '127.0.0.53')]
  t.match(of('systemd-resolved-loop', loop), {
    passed: false,
    detail: /^The resolv\.conf of node-1 \(host\) names a server on its own loopback/,
  })
  t.match(of('systemd-resolved-loop', loop, { forwardsToResolvConf: null }), { passed: false })
  t.match(of('systemd-resolved-loop', loop, { forwardsToResolvConf: false }), {
    passed: true,
    detail: /^CoreDNS forwards to no resolv\.conf/,
  })
  t.match(of('systemd-resolved-loop', [podAgent('node-1', '10.96.0.10')]), { passed: null }, 'pods tell nothing of it')
})

t.test('names without a namespace are looked up in the pod’s own', async (t) => {
  t.match(of('namespace-search', [pod('node-1', { search: ['svc.cluster.local', 'cluster.local'] })]), {
    passed: false,
    detail:
      'The resolv.conf of node-1 (pod) does not search oddnode.svc.cluster.local, svc.cluster.local, cluster.local first.',
  })
  t.match(of('namespace-search', [pod('node-1', { search: [...podSearch, 'example.com'] })]), { passed: true })
  t.match(of('namespace-search', [], { clusterDomain: null }), { passed: null })
})
