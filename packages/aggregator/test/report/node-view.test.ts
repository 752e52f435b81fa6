import t from 'tap'
import { nodeView, variantOf } from '../../src/report/node-view.ts'
import { clockSample, clusterPlan, roundOf, samplesOf } from '../pushing.ts'
import { testApp } from '../test-app.ts'

t.test('an agent, its probes and its clock', async (t) => {
  const app = await testApp(t)
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
    clock: { offsetSeconds: -0.25, samples: [{ reference: 'aggregator', outcome: 'answered' }] },
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
})
