import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expectedRcodes, type Plan, type PlannedProbe, type Question } from '@oddnode/protocol'
import t from 'tap'
import { type Asking, probePlanned } from '../src/prober.ts'
import { dnsServer, healthy } from './dns-server.ts'
import { planOf, target } from './plans.ts'

const planFor = (port: number, changed: Parameters<typeof planOf>[0] = {}) =>
  planOf({ targets: [target('127.0.0.1', port, 'cluster-dns')], deadlineSeconds: 0.3, closeSeconds: 0.5, ...changed })

const asking = (changed: Partial<Asking> = {}): Asking => ({
  turn: 0,
  socket: 'connected',
  fixedPorts: () => 61_500,
  signal: new AbortController().signal,
  ...changed,
})

function find(plan: Plan, question: Question, transport: 'udp' | 'tcp', sourcePort = 'fresh'): PlannedProbe {
  const found = plan.probes.find(
    (probe) => probe.question === question && probe.transport === transport && probe.sourcePort === sourcePort,
  )
  if (!found) throw new Error(`no ${question} over ${transport}`)
  return found
}

t.test('asks every probe of a plan on the wire', async (t) => {
  const server = await dnsServer(t, healthy)
  const plan = planFor(server.port)
  for (const probe of plan.probes.filter(({ sourcePort }) => sourcePort === 'fresh')) {
    const observation = await probePlanned(plan, probe, asking())
    t.equal(observation.outcome, 'answered', `${probe.question} over ${probe.transport}`)
    const expected = expectedRcodes[probe.question]
    if (expected) t.ok(expected.includes(observation.rcode ?? -1))
  }
})

t.test('trap 11: raw packets and absolute names: one packet for one question, whatever the search list', async (t) => {
  const server = await dnsServer(t, 3)
  const plan = planFor(server.port)
  await probePlanned(plan, find(plan, 'external', 'udp'), asking())
  t.match(server.queries, [{ name: 'example.net', transport: 'udp' }])
  t.equal(server.queries.length, 1)
})

t.test('questions go through their names in turn', async (t) => {
  const server = await dnsServer(t, healthy)
  const plan = planFor(server.port)
  for (const turn of [0, 1, 16]) await probePlanned(plan, find(plan, 'missing', 'udp'), asking({ turn }))
  t.strictSame(
    server.queries.map(({ name }) => name),
    ['p0.oddnode.svc.cluster.local', 'p1.oddnode.svc.cluster.local', 'p0.oddnode.svc.cluster.local'],
  )
})

t.test('large and wildcard ask for the names of their probes', async (t) => {
  const server = await dnsServer(t, healthy)
  const plan = planFor(server.port, {
    large: [{ name: 'large.oddnode.svc.cluster.local', octets: 1460 }],
    wildcardDomains: ['example.net'],
    asksForGroup: true,
  })
  for (const question of ['large', 'wildcard', 'case'] as const)
    await probePlanned(plan, find(plan, question, 'udp'), asking())
  t.match(server.queries, [
    { name: 'large.oddnode.svc.cluster.local' },
    { name: 'oddnode-wildcard-check.example.net' },
    { name: /^kubernetes\.default\.svc\.cluster\.local$/i },
  ])
})

t.test('controls go to their own port, else to the target’s', async (t) => {
  const server = createServer((_request, response) => response.writeHead(503).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const plan = planFor(port, {
    targets: [target('127.0.0.1', port, 'api-server'), target('127.0.0.1', 1), target('127.0.0.1', 1, 'node-local')],
    endpointReachPort: port,
    nodeLocalHealthPort: port,
  })
  const ask = (question: Question) => probePlanned(plan, find(plan, question, 'tcp'), asking())
  t.match(await ask('connect'), { outcome: 'answered', error: null })
  t.match(await ask('reach'), { outcome: 'answered', error: null })
  t.match(await ask('health'), { outcome: 'answered', error: 'HTTP status 503' })
})

t.test('trap 3: fresh ports and one fixed: each query has its own, but the one that keeps it', async (t) => {
  const server = await dnsServer(t, healthy)
  const plan = planFor(server.port)
  const ports = async (sourcePort: string) => {
    server.queries.length = 0
    for (let i = 0; i < 5; i++)
      await probePlanned(plan, find(plan, 'kubernetes', 'udp', sourcePort), asking({ fixedPorts: () => 61_777 }))
    return server.queries.map(({ sourcePort }) => sourcePort)
  }
  t.ok(new Set(await ports('fresh')).size >= 4)
  t.strictSame(await ports('fixed'), [61_777, 61_777, 61_777, 61_777, 61_777])
})

t.test('trap 3: a dead flow of the fixed port, as in D-07, leaves fresh ports well', async (t) => {
  const server = await dnsServer(t, (query) => (query.sourcePort === 61_778 ? 'silent' : 0))
  const plan = planFor(server.port)
  const fixed = await probePlanned(plan, find(plan, 'kubernetes', 'udp', 'fixed'), asking({ fixedPorts: () => 61_778 }))
  const fresh = await probePlanned(plan, find(plan, 'kubernetes', 'udp'), asking())
  t.strictSame([fixed.outcome, fresh.outcome], ['timeout', 'answered'])
})

t.test('trap 18: durations by the monotonic clock: a step in a query leaves its latency unharmed', async (t) => {
  const server = await dnsServer(t, () => {
    Date.now = () => now() + 94_000
    return 0
  })
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  const plan = planFor(server.port)
  const observation = await probePlanned(plan, find(plan, 'kubernetes', 'udp'), asking())
  t.equal(observation.outcome, 'answered')
  t.ok(observation.seconds !== null && observation.seconds > 0 && observation.seconds < 0.3)
})

t.test('the socket and the abort are passed on', async (t) => {
  const server = await dnsServer(t, 'silent')
  const plan = planFor(server.port)
  t.match(await probePlanned(plan, find(plan, 'kubernetes', 'udp'), asking({ socket: 'unconnected' })), {
    outcome: 'timeout',
    socket: 'unconnected',
  })
  const aborted = { signal: AbortSignal.abort() }
  t.match(await probePlanned(plan, find(plan, 'kubernetes', 'udp'), asking(aborted)), { outcome: 'local-error' })
})

t.test('a plan that lacks what a probe needs is the agent’s own trouble', async (t) => {
  const plan = planFor(53)
  const probe = find(plan, 'kubernetes', 'udp')
  t.match(await probePlanned({ ...plan, targets: [] }, probe, asking()), { outcome: 'local-error' })
  t.match(await probePlanned({ ...plan, names: { ...plan.names, clusterDomain: null } }, probe, asking()), {
    outcome: 'local-error',
  })
})
