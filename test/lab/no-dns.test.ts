// Every DNS server is gone: what judges DNS must go on without it, and say so.
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { startFleet } from './fleet.ts'
import { createNetwork, end, whyNoNamespaces, whyNoProgram } from './namespaces.ts'
import { startDnsmasq, startUnbound } from './servers.ts'

const DNS = '10.77.0.53'
const OTHER = '10.77.0.54'
const nodes = ['node-1', 'node-2', 'node-3']

const missing =
  whyNoNamespaces() ??
  whyNoProgram('unbound', 'unbound') ??
  whyNoProgram('dnsmasq', 'dnsmasq-base') ??
  whyNoProgram('curl', 'curl')

const probesOf = ({ nodes }: Report) => nodes.flatMap(({ agents }) => agents.flatMap(({ probes }) => probes))
const noneAnswers = (report: Report) => {
  const asked = probesOf(report).filter(({ question }) => question === 'kubernetes')
  return asked.length === 6 && asked.every(({ outcome, answered }) => outcome === 'refused' && answered === 0)
}
const open = ({ findings }: Report) => findings.filter(({ ended }) => ended === null)

t.test('no DNS at all', { skip: missing ?? false, timeout: 180_000 }, async (t) => {
  const network = createNetwork({ hub2: 1, dns: 53, other: 54, 'node-1': 11, 'node-2': 12, 'node-3': 13 })
  t.teardown(() => network.close())
  // Linux tells a peer of a closed port once a second, and rounds here are a fifteenth of the real ones.
  for (const server of ['dns', 'other']) network.run(server, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/icmp_ratelimit')
  const startServers = () => [startUnbound(network, 'dns', DNS), startDnsmasq(network, 'other', OTHER)]
  const servers = startServers()
  const fleet = await startFleet(network, 'hub2', '10.77.0.1')
  const options = [
    '--names.clusterDomain=cluster.local',
    '--names.namespace=oddnode',
    `--targets.clusterDns=${DNS}`,
    `--targets.upstream=${OTHER}`,
    // The name comes first, and would have to be looked up.
    '--aggregator=http://oddnode-aggregator.oddnode.svc:8530,http://10.77.0.1:8530',
    `--paths.etc=${t.testdir({ 'resolv.conf': `nameserver ${DNS}\n` })}`,
    '--names.external=kubernetes.default.svc.cluster.local',
  ]
  for (const node of nodes) fleet.startAgent(node, options)
  await fleet.until(
    'all is well',
    ({ verdict, nodes }) => verdict.nodes.reporting === 3 && nodes.every(({ state }) => state === 'ok'),
  )

  await t.test('server found by DNS: with all DNS down, pushes still arrive by address', async (t) => {
    for (const server of servers) await end(server)
    const stoppedAt = Date.now()
    const report = await fleet.until('pushes from after the stop', ({ nodes }) =>
      nodes.every(({ agents }) => agents.every(({ lastSeen }) => Date.parse(lastSeen ?? '') > stoppedAt + 3000)),
    )
    t.match(report.verdict.agents, { expected: 3, reporting: 3 })
  })

  await t.test('and /report says exactly that: one finding about the cluster, and no node is odd', async (t) => {
    const report = await fleet.until(
      'every probe fails',
      (report) =>
        open(report).length === 1 &&
        noneAnswers(report) &&
        probesOf(report).every(({ state, outcome }) => state === 'failing' && outcome === 'refused'),
    )
    const [finding] = open(report)
    t.match(finding, { fault: 'unexplained-difference', scope: { kind: 'cluster', nodes: [] }, confidence: 'certain' })
    t.match(finding?.title, DNS)
    t.match(finding?.title, OTHER)
    t.match(finding?.story, /^All 3 nodes that ask are alike: .*refused/)
    t.equal(report.verdict.state, 'failing')
    t.equal(report.verdict.sentence, finding?.story, 'the first line of the page')
    t.match(report.verdict.nodes, { expected: 3, reporting: 3, odd: 0 })
  })

  await t.test('the servers are back: all is well again', async (t) => {
    startServers()
    const report = await fleet.until('no open finding', (report) => open(report).length === 0)
    t.equal(report.verdict.state, 'ok')
  })
})
