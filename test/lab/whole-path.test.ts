// The whole path with real processes, real servers and real packets: three nodes, two DNS servers and an NTP server, and one node whose
// way to one server breaks and heals.
import t from 'tap'
import { startFleet } from './fleet.ts'
import { createNetwork, whyNoNamespaces, whyNoProgram } from './namespaces.ts'
import { startChrony, startDnsmasq, startUnbound } from './servers.ts'

const DNS = '10.77.0.53'
const OTHER = '10.77.0.54'
const NTP = '10.77.0.123'
const nodes = ['node-1', 'node-2', 'node-3']

const missing =
  whyNoNamespaces() ??
  whyNoProgram('unbound', 'unbound') ??
  whyNoProgram('dnsmasq', 'dnsmasq-base') ??
  whyNoProgram('chronyd', 'chrony') ??
  whyNoProgram('nft', 'nftables') ??
  whyNoProgram('curl', 'curl')

t.test('from a raw packet to a sentence', { skip: missing ?? false, timeout: 180_000 }, async (t) => {
  const network = createNetwork({ hub2: 1, dns: 53, other: 54, ntp: 123, 'node-1': 11, 'node-2': 12, 'node-3': 13 })
  t.teardown(() => network.close())
  startUnbound(network, 'dns', DNS)
  startDnsmasq(network, 'other', OTHER)
  startChrony(network, 'ntp', NTP)
  const fleet = await startFleet(network, 'hub2', '10.77.0.1')
  const asked = [
    '--names.clusterDomain=cluster.local',
    '--names.namespace=oddnode',
    `--targets.clusterDns=${DNS}`,
    `--targets.endpoint=${OTHER}`,
    `--targets.ntp=${NTP}`,
    `--paths.etc=${t.testdir({ 'resolv.conf': `nameserver ${DNS}\n` })}`,
  ]
  const agents = new Map(nodes.map((name) => [name, fleet.startAgent(name, asked)]))

  await t.test('well: every node reports, nothing is found, and the sentence says what was looked at', async (t) => {
    const report = await fleet.until(
      'three nodes are well and have a clock',
      ({ verdict, nodes }) =>
        verdict.nodes.reporting === 3 &&
        nodes.every(({ state, clock }) => state === 'ok' && clock.offsetSeconds !== null),
    )
    t.equal(report.schema, 'oddnode.report/1')
    t.equal(report.cluster, 'lab')
    t.equal(report.verdict.state, 'ok')
    t.strictSame(report.findings, [])
    t.match(report.verdict, { nodes: { expected: 3, reporting: 3, odd: 0 }, agents: { expected: 3, reporting: 3 } })
    const probes = report.nodes.flatMap(({ agents }) => agents.flatMap(({ probes }) => probes))
    const kubernetes = probes.filter(({ question, transport }) => question === 'kubernetes' && transport === 'udp')
    t.equal(kubernetes.length, 6, 'two servers from each of three nodes')
    for (const probe of kubernetes) t.match(probe, { state: 'ok', rcode: 'NOERROR', outcome: 'answered' })
    for (const { clock } of report.nodes)
      t.ok(Math.abs(clock.offsetSeconds ?? 1) < 0.05, `one machine, one clock: ${clock.offsetSeconds}`)
  })

  await t.test(
    'one node loses its way to one server: named with node, path and numbers, and nobody else',
    async (t) => {
      network.run('node-2', 'nft', 'add', 'table', 'ip', 'fault')
      network.run('node-2', 'nft', 'add', 'chain', 'ip', 'fault', 'in', '{ type filter hook input priority 0 ; }')
      network.run('node-2', 'nft', 'add', 'rule', 'ip', 'fault', 'in', 'ip', 'saddr', DNS, 'udp', 'sport', '53', 'drop')
      const report = await fleet.until('a finding', ({ findings }) => findings.some(({ ended }) => ended === null))
      const open = report.findings.filter(({ ended }) => ended === null)
      t.equal(open.length, 1, 'one finding')
      const [finding] = open
      t.equal(finding?.fault, 'unexplained-difference')
      t.strictSame(finding?.scope.nodes, ['node-2'])
      t.equal(finding?.scope.kind, 'node')
      t.match(finding?.story, /node-2/)
      t.match(finding?.story, new RegExp(DNS.replaceAll('.', '\\.')))
      t.match(finding?.story, /UDP/)
      t.match(finding?.story, /timeout/)
      const row = finding?.evidence.find(({ question }) => question === 'kubernetes')
      t.match(row, {
        node: 'node-2',
        vantage: 'host',
        target: { role: 'cluster-dns', address: DNS },
        transport: 'udp',
        state: 'failing',
        outcome: 'timeout',
        answered: 0,
      })
      t.ok((row?.asked ?? 0) >= 3, 'at least three samples')
      t.match(row?.healthy, { rcode: 'NOERROR' }, 'beside a healthy row')
      t.notOk(
        finding?.evidence.some(({ transport }) => transport === 'tcp'),
        'TCP still works, and is not accused',
      )
      t.notOk(
        finding?.evidence.some(({ target }) => target.address === OTHER),
        'neither is the other server',
      )
      t.match(report.verdict.sentence, /1 of 3 nodes/)
      t.equal(report.verdict.nodes.odd, 1)
    },
  )

  await t.test('the finding survives a kill of the aggregator with its identity', async (t) => {
    const before = (await fleet.report()).findings.find(({ ended }) => ended === null)
    await fleet.restartAggregator()
    const after = await fleet.until('the finding is there again', ({ findings }) =>
      findings.some(({ ended }) => ended === null),
    )
    const found = after.findings.find(({ ended }) => ended === null)
    t.equal(found?.id, before?.id)
    t.equal(found?.since, before?.since)
  })

  await t.test('healed: the finding ends', async (t) => {
    network.run('node-2', 'nft', 'delete', 'table', 'ip', 'fault')
    const report = await fleet.until('no open finding', ({ findings }) => findings.every(({ ended }) => ended !== null))
    t.equal(report.verdict.state, 'ok')
  })

  await t.test('an agent that is killed is told of by name, and its cells are no-data', async (t) => {
    agents.get('node-3')?.kill('SIGKILL')
    const report = await fleet.until('node-3 is not observed', ({ findings }) =>
      findings.some(({ fault }) => fault === 'node-not-observed'),
    )
    const finding = report.findings.find(({ fault }) => fault === 'node-not-observed')
    t.strictSame(finding?.scope.nodes, ['node-3'])
    await fleet.until('its cells are no-data', ({ nodes }) =>
      nodes.some(
        ({ name, agents }) =>
          name === 'node-3' && agents.every(({ probes }) => probes.every(({ state }) => state === 'no-data')),
      ),
    )
  })
})
