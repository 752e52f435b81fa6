// The NodeLocal addon's way: the cache on each node owns the ClusterIP too, so that what answers there says nothing of kube-proxy.
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { startFleet } from './fleet.ts'
import { createNetwork, type Network, whyNoNamespaces, whyNoProgram } from './namespaces.ts'
import { startDnsmasq, startUnbound } from './servers.ts'

const COREDNS = '10.77.0.53'
const NODE_LOCAL = '169.254.20.10'
const CLUSTER_DNS = '198.18.128.10'
const CLUSTER_DNS_UPSTREAM = '198.18.128.11'
const nodes = ['node-1', 'node-2', 'node-3']

const missing =
  whyNoNamespaces() ??
  whyNoProgram('unbound', 'unbound') ??
  whyNoProgram('dnsmasq', 'dnsmasq-base') ??
  whyNoProgram('nft', 'nftables') ??
  whyNoProgram('curl', 'curl')

const open = ({ findings }: Report) => findings.filter(({ ended }) => ended === null)

/** What kube-proxy does for the second ClusterIP: it leads to CoreDNS. */
function translate(network: Network, node: string): void {
  network.run(node, 'ip', 'route', 'add', `${CLUSTER_DNS_UPSTREAM}/32`, 'via', '10.77.0.1')
  network.run(node, 'nft', 'add table ip services')
  network.run(node, 'nft', 'add chain ip services output { type nat hook output priority -100 ; }')
  network.run(
    node,
    'nft',
    `add rule ip services output ip daddr ${CLUSTER_DNS_UPSTREAM} meta l4proto { tcp, udp } th dport 53 dnat to ${COREDNS}`,
  )
}

t.test('node-local DNS owns the ClusterIP', { skip: missing ?? false, timeout: 180_000 }, async (t) => {
  const network = createNetwork({ hub2: 1, dns: 53, 'node-1': 11, 'node-2': 12, 'node-3': 13 })
  t.teardown(() => network.close())
  startUnbound(network, 'dns', COREDNS)
  for (const node of nodes) {
    for (const address of [NODE_LOCAL, CLUSTER_DNS]) {
      network.run(node, 'ip', 'address', 'add', `${address}/32`, 'dev', 'lo')
      startDnsmasq(network, node, address)
    }
    translate(network, node)
  }
  const fleet = await startFleet(network, 'hub2', '10.77.0.1')
  const options = [
    '--names.clusterDomain=cluster.local',
    '--names.namespace=oddnode',
    `--targets.nodeLocal=${NODE_LOCAL}`,
    `--targets.clusterDns=${CLUSTER_DNS}`,
    `--targets.clusterDnsUpstream=${CLUSTER_DNS_UPSTREAM}`,
    `--targets.endpoint=${COREDNS}`,
    `--paths.etc=${t.testdir({ 'resolv.conf': `nameserver ${NODE_LOCAL}\n` })}`,
  ]
  for (const node of nodes) fleet.startAgent(node, options)
  await fleet.until(
    'all is well',
    (report) =>
      report.verdict.nodes.reporting === 3 &&
      open(report).length === 0 &&
      report.nodes.every(({ state }) => state === 'ok'),
  )

  await t.test(
    'trap 1: who answered: with kube-proxy broken the ClusterIP answers still, and it is found',
    async (t) => {
      network.run('node-2', 'nft', 'delete table ip services')
      const report = await fleet.until('a finding', (report) => open(report).length > 0)
      t.match(open(report), [
        {
          scope: {
            kind: 'node',
            nodes: ['node-2'],
            subject: { role: 'cluster-dns-upstream', address: CLUSTER_DNS_UPSTREAM },
          },
        },
      ])
      t.match(report.verdict.sentence, /1 of 3 nodes .*node-2.*198\.18\.128\.11/)
      const probes = report.nodes.find(({ name }) => name === 'node-2')?.agents.flatMap(({ probes }) => probes) ?? []
      for (const address of [NODE_LOCAL, CLUSTER_DNS, COREDNS]) {
        const asked = probes.filter(({ target, question }) => target.address === address && question === 'kubernetes')
        t.equal(asked.length, 2, `${address} over UDP and TCP`)
        for (const probe of asked) t.match(probe, { state: 'ok', outcome: 'answered' })
      }
    },
  )
})
