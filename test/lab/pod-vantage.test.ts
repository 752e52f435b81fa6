// Two nodes, each with a host agent, a pod agent behind it, and a node-local DNS cache: what only a pod sees, what is told when nothing
// is seen from there, and what is told of the time in which nobody listened.
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { startFleet } from './fleet.ts'
import { createNetwork, type Network, whyNoNamespaces, whyNoProgram } from './namespaces.ts'
import { startDnsmasq, startUnbound } from './servers.ts'

const DNS = '10.77.0.53'
const NODE_LOCAL = '169.254.20.10'
const nodes = [
  { name: 'node-1', pod: 'pod-1', pods: '10.78.11.0/24' },
  { name: 'node-2', pod: 'pod-2', pods: '10.78.12.0/24' },
] as const

const missing =
  whyNoNamespaces() ??
  whyNoProgram('unbound', 'unbound') ??
  whyNoProgram('dnsmasq', 'dnsmasq-base') ??
  whyNoProgram('nft', 'nftables') ??
  whyNoProgram('curl', 'curl')

const open = ({ findings }: Report) => findings.filter(({ ended }) => ended === null)
/** All but those whose turn comes once in five minutes. */
const isEveryRound = ({ question }: { question: string }) => question !== 'identity'
const agentOf = ({ nodes }: Report, node: string, vantage: string) =>
  nodes.find(({ name }) => name === node)?.agents.find((agent) => agent.vantage === vantage)
const probeOf = (report: Report, node: string, vantage: string, address: string, transport: string) =>
  agentOf(report, node, vantage)?.probes.find(
    (probe) => probe.target.address === address && probe.transport === transport && probe.question === 'kubernetes',
  )

const probesOf = (report: Report, node: string, vantage: string, address: string) =>
  agentOf(report, node, vantage)?.probes.filter(({ target }) => target.address === address) ?? []
const allFail = (report: Report, node: string, vantage: string, address: string) =>
  probesOf(report, node, vantage, address).every(({ state }) => state === 'failing')
/** Until the agents have decided too, and ask no more often than usual. */
const settled = () => new Promise((done) => setTimeout(done, 2000))

/** @param rules each a chain of that table and what it drops */
function breakPath(network: Network, node: string, rules: readonly [hook: string, match: string][]): void {
  network.run(node, 'nft', 'add table ip fault')
  for (const [hook, match] of rules) {
    network.run(node, 'nft', `add chain ip fault ${hook} { type filter hook ${hook} priority -350 ; }`)
    network.run(node, 'nft', `add rule ip fault ${hook} ${match} drop`)
  }
}
const heal = (network: Network, node: string) => network.run(node, 'nft', 'delete table ip fault')

t.test('what only the pods of a node see', { skip: missing ?? false, timeout: 240_000 }, async (t) => {
  const network = createNetwork(
    { hub2: 1, dns: 53, 'node-1': 11, 'node-2': 12 },
    Object.fromEntries(nodes.map(({ name, pod }) => [pod, name])),
  )
  t.teardown(() => network.close())
  startUnbound(network, 'dns', DNS)
  for (const { name } of nodes) {
    network.run(name, 'ip', 'address', 'add', `${NODE_LOCAL}/32`, 'dev', 'lo')
    startDnsmasq(network, name, NODE_LOCAL)
  }
  const fleet = await startFleet(network, 'hub2', '10.77.0.1')
  const options = [
    '--names.clusterDomain=cluster.local',
    '--names.namespace=oddnode',
    `--targets.nodeLocal=${NODE_LOCAL}`,
    `--targets.clusterDns=${DNS}`,
    `--paths.etc=${t.testdir({ 'resolv.conf': `nameserver ${NODE_LOCAL}\n` })}`,
  ]
  const startPod = ({ name, pod }: (typeof nodes)[number]) =>
    fleet.startAgent(pod, [`--node=${name}`, '--vantage=pod', ...options])
  for (const { name } of nodes) fleet.startAgent(name, options)
  const [podAgent] = nodes.map(startPod)
  const allWell = () =>
    fleet.until(
      'four agents report, and nothing is found',
      (report) =>
        report.verdict.agents.reporting === 4 &&
        open(report).length === 0 &&
        report.nodes.every(({ agents }) =>
          agents.every(({ probes }) => probes.filter(isEveryRound).every(({ state }) => state === 'ok')),
        ),
    )
  await allWell()

  await t.test(
    'trap 2: host health proves nothing for pods: node-local DNS is well on the host, dead to pods',
    async (t) => {
      breakPath(network, 'node-1', [['prerouting', `ip saddr ${nodes[0].pods} ip daddr ${NODE_LOCAL}`]])
      const report = await fleet.until(
        'a finding, and every probe of it fails',
        (report) => open(report).length > 0 && allFail(report, 'node-1', 'pod', NODE_LOCAL),
      )
      t.match(open(report), [{ scope: { kind: 'node', nodes: ['node-1'], subject: { role: 'node-local' } } }])
      const [finding] = open(report)
      t.match(finding?.story, /^node-1 differs .*pods get timeout .*node-local DNS 169\.254\.20\.10 over UDP and TCP/)
      t.ok(finding?.evidence.every(({ vantage, target }) => vantage === 'pod' && target.address === NODE_LOCAL))
      for (const transport of ['udp', 'tcp']) {
        t.match(probeOf(report, 'node-1', 'pod', NODE_LOCAL, transport), { state: 'failing', outcome: 'timeout' })
        t.match(probeOf(report, 'node-1', 'host', NODE_LOCAL, transport), { state: 'ok' })
        t.match(probeOf(report, 'node-1', 'pod', DNS, transport), { state: 'ok' })
      }
      await settled()
      heal(network, 'node-1')
      await allWell()
    },
  )

  await t.test(
    'trap 5: denied is not timeout: a node that drops port 53 denies its host, and times out its pods',
    async (t) => {
      const port53 = `ip daddr ${DNS} meta l4proto { tcp, udp } th dport 53`
      breakPath(network, 'node-2', [
        ['output', port53],
        ['forward', port53],
      ])
      const report = await fleet.until(
        'a finding, and every probe of both vantages fails',
        (report) =>
          open(report).length > 0 &&
          ['host', 'pod'].every(
            (vantage) =>
              allFail(report, 'node-2', vantage, DNS) && probeOf(report, 'node-2', vantage, DNS, 'udp')?.answered === 0,
          ),
      )
      t.match(probeOf(report, 'node-2', 'host', DNS, 'udp'), { state: 'failing', outcome: 'denied' })
      t.match(probeOf(report, 'node-2', 'host', DNS, 'tcp'), { state: 'failing', outcome: 'timeout' })
      t.match(probeOf(report, 'node-2', 'pod', DNS, 'udp'), { state: 'failing', outcome: 'timeout' })
      t.match(probeOf(report, 'node-2', 'pod', DNS, 'tcp'), { state: 'failing', outcome: 'timeout' })
      t.match(open(report), [{ scope: { kind: 'node', nodes: ['node-2'] } }], 'one finding')
      await settled()
      heal(network, 'node-2')
      await allWell()
    },
  )

  await t.test('trap 14: absence counts: the pod agent is killed, and A-02 names the vantage', async (t) => {
    if (!podAgent) throw new Error('no pod agent')
    podAgent.kill('SIGKILL')
    const report = await fleet.until(
      'it is told, and its cells are no-data',
      (report) =>
        open(report).length > 0 &&
        agentOf(report, 'node-1', 'pod')
          ?.probes.filter(isEveryRound)
          .every(({ state }) => state === 'no-data') === true,
    )
    t.match(open(report), [
      {
        fault: 'vantage-silent',
        severity: 'critical',
        scope: { kind: 'node', nodes: ['node-1'], subject: { pod: 'agent-pod' } },
        title: 'The pod agent of node-1 is silent',
        story: /^Only the host agent of node-1 reports; .* so what pods see there is unknown\.$/,
      },
    ])
    t.match(agentOf(report, 'node-1', 'pod'), { status: 'silent', state: 'no-data' })
    t.match(agentOf(report, 'node-1', 'host'), { status: 'reporting', state: 'ok' })
    t.match(report.verdict.agents, { expected: 4, reporting: 3 })
  })

  await t.test('it comes back: the finding ends', async (t) => {
    startPod(nodes[0])
    const report = await allWell()
    t.match(report.findings.find(({ fault }) => fault === 'vantage-silent')?.ended, String)
  })

  await t.test('trap 24: what broke while nobody listened is told with its true start', async (t) => {
    await fleet.stopAggregator()
    await new Promise((done) => setTimeout(done, 3000))
    const brokenAt = Date.now()
    breakPath(network, 'node-2', [['prerouting', `ip saddr ${nodes[1].pods} ip daddr ${NODE_LOCAL}`]])
    await new Promise((done) => setTimeout(done, 6000))
    const startedAgainAt = Date.now()
    fleet.startAggregator()
    const told = ({ findings }: Report) =>
      findings.find(({ fault, since }) => fault === 'unexplained-difference' && Date.parse(since) >= brokenAt - 500)
    const report = await fleet.until('the fault is told', (report) => told(report) !== undefined)
    const finding = told(report)
    t.match(finding?.scope, { kind: 'node', nodes: ['node-2'], subject: { role: 'node-local' } })
    const since = Date.parse(finding?.since ?? '')
    t.ok(since < brokenAt + 3000 && since < startedAgainAt, `${since - brokenAt} ms after it broke`)
    for (const { agents } of report.nodes)
      for (const { droppedRounds } of agents) t.equal(droppedRounds, 0, 'every round that waited has arrived')
  })
})
