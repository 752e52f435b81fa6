import t from 'tap'
import { nodeView, variantOf } from '../../../src/report/model/node-view.ts'
import { clockSample, clusterPlan, roundOf, samplesOf } from '../../pushing.ts'
import { testApp } from '../../test-app.ts'

t.test('an agent, its probes and its clock', async (t) => {
  const app = await testApp(t)
  app.clock.advance(60)
  const plan = clusterPlan('pod')
  await app.push('node-1', 'pod', 0, roundOf(plan, samplesOf(plan), { clock: [clockSample(-0.25)] }))
  app.tick()
  const { fleet } = app.evaluation
  const node = fleet.nodes.get('node-1')
  if (!node) throw new Error('no node')
  const view = nodeView(fleet, node)
  t.match(view, {
    name: 'node-1',
    ready: null,
    clock: { offsetSeconds: -0.25, samples: [{ vantage: 'pod', reference: 'aggregator', outcome: 'answered' }] },
  })
  const [agent] = view.agents
  t.match(agent, { vantage: 'pod', status: 'reporting', version: '0.1.0' })
  t.equal(
    agent?.probes.length,
    samplesOf(plan).length,
    'probes that are only asked after another one are not listed before',
  )
  t.match(agent?.probes[0], {
    target: { role: 'node-local', address: '169.254.20.10' },
    state: 'no-data',
    reason: 'too-few',
    asked: 1,
    rcode: 'NOERROR',
  })
  t.ok(agent?.probes.some(({ variant }) => variant === 'fixed-port'))
})

t.test('an expected agent that never pushed keeps its row, a clock that nobody measured is no data', async (t) => {
  const app = await testApp(t)
  const { fleet } = app.evaluation
  const node = {
    name: 'new',
    ready: false,
    attributes: { 'zone\n': 'a' },
    createdAt: null,
    cordoned: false,
    group: '',
    expected: ['host' as const],
  }
  t.match(nodeView(fleet, node), {
    ready: false,
    state: 'no-data',
    attributes: { 'zone⟨U+000A⟩': 'a' },
    clock: { offsetSeconds: null, reference: null, measuredAt: null, samples: [] },
    agents: [{ status: 'expected', state: 'no-data', lastSeen: null, probes: [] }],
  })
})

t.test('trap 21: resolv.conf has an age: the report shows what an agent reads, and since when', async (t) => {
  const app = await testApp(t)
  const plan = clusterPlan('pod')
  const shown = () => {
    const node = app.evaluation.fleet.nodes.get('node-1')
    return node && nodeView(app.evaluation.fleet, node).agents[0]?.facts
  }
  await app.push('node-1', 'pod', 0, roundOf(plan))
  t.equal(shown(), null, 'not yet known')
  const resolvConf = (nameserver: string, modifiedAt: number) => ({
    path: '/etc/resolv.conf',
    nameservers: [nameserver],
    search: ['a\u202eb'],
    options: [],
    usedNameservers: [nameserver],
    limits: [],
    modifiedAt,
    unread: [],
    error: null,
  })
  await app.push(
    'node-1',
    'pod',
    1,
    roundOf(plan, samplesOf(plan), { facts: { resolvConf: resolvConf('10.96.0.10', 1) } }),
  )
  await app.push(
    'node-1',
    'pod',
    2,
    roundOf(plan, samplesOf(plan), { facts: { resolvConf: resolvConf('10.96.0.11', 2) } }),
  )
  t.match(shown(), { resolvConf: { nameservers: ['10.96.0.11'], modifiedAt: 2, search: ['a⟨U+202E⟩b'] } })
})

t.test('a second opinion is told beside the reading that it is about', async (t) => {
  const app = await testApp(t)
  app.clock.advance(60)
  const plan = clusterPlan('host')
  const secondOpinion = { offsetSeconds: 0.01, uncertaintySeconds: 0.002, agrees: false }
  const reference = { kind: 'ntp' as const, address: '192.0.2.1' }
  const clock = [clockSample(-0.002), { ...clockSample(5), reference, secondOpinion }]
  await app.push('node-1', 'host', 0, roundOf(plan, samplesOf(plan), { clock }))
  app.tick()
  const node = app.evaluation.fleet.nodes.get('node-1')
  const view = node && nodeView(app.evaluation.fleet, node).clock
  t.not(view?.reference, 'ntp 192.0.2.1', 'what is contradicted is not told as the clock')
  t.strictSame(
    view?.samples.map((sample) => [sample.reference, sample.secondOpinion]),
    [
      ['aggregator', null],
      ['ntp 192.0.2.1', secondOpinion],
    ],
  )
})

t.test('ports that are not 53 are shown', async (t) => {
  const app = await testApp(t)
  const plan = clusterPlan('host', {
    targets: [
      { role: 'upstream', address: '127.0.0.1', port: 5353, learnedFrom: 'configuration' },
      { role: 'resolv-conf', address: '::1', port: 5353, learnedFrom: 'resolv.conf' },
    ],
    names: { clusterDomain: null, namespace: null, external: 'example.com', canary: null },
  })
  await app.push('node-1', 'host', 0, roundOf(plan, samplesOf(plan)))
  const node = app.evaluation.fleet.nodes.get('node-1')
  const addresses = node && nodeView(app.evaluation.fleet, node).agents[0]?.probes.map(({ target }) => target.address)
  t.strictSame([...new Set(addresses)], ['127.0.0.1:5353', '[::1]:5353'])
})

t.test('variants', async (t) => {
  const plain = { target: 0, transport: 'udp', question: 'kubernetes', everySeconds: 0, sourcePort: 'fresh' } as const
  t.equal(variantOf(plain), null)
  t.equal(variantOf({ ...plain, sourcePort: 'fixed' }), 'fixed-port')
  t.equal(
    variantOf({ ...plain, question: 'large', size: 1232, edns: { udpPayloadSize: 4096, nsid: false } }),
    'large-1232',
  )
  t.equal(variantOf({ ...plain, question: 'large', size: 1232 }), 'large-1232 no-edns')
  t.equal(variantOf({ ...plain, question: 'version', edns: { udpPayloadSize: 1232, nsid: true } }), 'nsid')
  t.equal(variantOf({ ...plain, question: 'wildcard', name: 'x.corp.example' }), 'x.corp.example')
  t.equal(variantOf({ ...plain, question: 'large', size: 1232, name: 'large-1232.x' }), 'large-1232 no-edns')
})

t.test('no two probes of a target are told alike', async (t) => {
  const names = { clusterDomain: 'cluster.local', namespace: 'oddnode', external: 'example.com', canary: 'canary.x' }
  for (const vantage of ['host', 'pod'] as const) {
    const { probes } = clusterPlan(vantage, {
      names,
      asksForGroup: true,
      wildcardDomains: ['corp.example', 'lab.example', 'test.example'],
      large: [
        { name: 'large-1232.x', octets: 1232 },
        { name: 'large-4000.x', octets: 4000 },
      ],
      endpointReachPort: 8080,
      nodeLocalHealthPort: 8080,
    })
    const told = probes.map((probe) => [probe.target, probe.transport, probe.question, variantOf(probe)].join(' '))
    t.strictSame(told, [...new Set(told)])
  }
})
