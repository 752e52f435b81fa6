// The whole path with IPv6: DNS over UDP and TCP, and NTP.
import { existsSync } from 'node:fs'
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { startFleet } from './fleet.ts'
import { createNetwork, whyNoNamespaces, whyNoProgram } from './namespaces.ts'
import { startChrony, startDnsmasq, startUnbound } from './servers.ts'

const DNS = 'fd77::53'
const OTHER = 'fd77::54'
const NTP = 'fd77::123'
const members = { hub2: 1, dns: 53, other: 54, ntp: 123, 'node-1': 11, 'node-2': 12, 'node-3': 13 }
const nodes = ['node-1', 'node-2', 'node-3']

const missing =
  whyNoNamespaces() ??
  (existsSync('/proc/net/if_inet6') ? null : 'the kernel has no IPv6') ??
  whyNoProgram('unbound', 'unbound') ??
  whyNoProgram('dnsmasq', 'dnsmasq-base') ??
  whyNoProgram('chronyd', 'chrony') ??
  whyNoProgram('nft', 'nftables') ??
  whyNoProgram('curl', 'curl')

const open = ({ findings }: Report) => findings.filter(({ ended }) => ended === null)

t.test('IPv6 end to end', { skip: missing ?? false, timeout: 180_000 }, async (t) => {
  const network = createNetwork(members)
  t.teardown(() => network.close())
  for (const [member, octet] of Object.entries(members))
    network.run(member, 'ip', 'address', 'add', `fd77::${octet}/64`, 'dev', 'eth0', 'nodad')
  startUnbound(network, 'dns', DNS)
  startDnsmasq(network, 'other', OTHER)
  startDnsmasq(network, 'other', '10.77.0.54')
  startUnbound(network, 'dns', '10.77.0.53')
  startChrony(network, 'ntp', NTP)
  const fleet = await startFleet(network, 'hub2', '10.77.0.1')
  const options = [
    '--names.clusterDomain=cluster.local',
    '--names.namespace=oddnode',
    `--targets.clusterDns=${DNS}`,
    // Each way to write an address: this one, that of cluster DNS, and those of the same servers in IPv4.
    `--targets.endpoint=[${OTHER}]:53,10.77.0.54:53,10.77.0.53`,
    `--targets.ntp=${NTP}`,
    `--paths.etc=${t.testdir({ 'resolv.conf': `nameserver ${DNS}\n` })}`,
  ]
  for (const node of nodes) fleet.startAgent(node, options)

  await t.test(
    'host:port: v4, v4:port, v6 and [v6]:port are asked over UDP and TCP and answer; NTP gives every node its clock',
    async (t) => {
      const report = await fleet.until(
        'three nodes are well and have a clock by NTP',
        ({ verdict, nodes }) =>
          verdict.nodes.reporting === 3 &&
          nodes.every(({ state, clock }) => state === 'ok' && clock.reference?.includes(NTP) === true),
      )
      t.strictSame(open(report), [])
      const probes = report.nodes.flatMap(({ agents }) => agents.flatMap(({ probes }) => probes))
      for (const [address, transport] of [DNS, OTHER, '10.77.0.53', '10.77.0.54'].flatMap((address) => [
        [address, 'udp'],
        [address, 'tcp'],
      ])) {
        const asked = probes.filter(
          (probe) =>
            probe.target.address === address && probe.transport === transport && probe.question === 'kubernetes',
        )
        t.equal(asked.length, 3, `${address} over ${transport} from each node`)
        for (const probe of asked) t.match(probe, { state: 'ok', outcome: 'answered', rcode: 'NOERROR' })
      }
      for (const { clock } of report.nodes)
        t.ok(Math.abs(clock.offsetSeconds ?? 1) < 0.05, `one machine, one clock: ${clock.offsetSeconds}`)
    },
  )

  await t.test('one node loses its way to one server: named with its IPv6 address', async (t) => {
    network.run('node-2', 'nft', 'add table ip6 fault')
    network.run('node-2', 'nft', 'add chain ip6 fault in { type filter hook input priority 0 ; }')
    network.run('node-2', 'nft', `add rule ip6 fault in ip6 saddr ${DNS} meta l4proto { tcp, udp } th sport 53 drop`)
    const report = await fleet.until('a finding with both transports', (report) =>
      open(report).some(({ evidence }) => new Set(evidence.map(({ transport }) => transport)).size === 2),
    )
    t.match(open(report), [{ scope: { kind: 'node', nodes: ['node-2'], subject: { address: DNS } } }])
    t.match(report.verdict.sentence, /node-2.*timeout.*fd77::53 over UDP and TCP/)
  })
})
