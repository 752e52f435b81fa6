import { controlQuestions, type Finding, type Question } from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../src/apply.ts'
import { visibleFindings } from '../src/evaluate.ts'
import { restoreWindows } from '../src/restore.ts'
import { probeState } from '../src/window.ts'
import { instant } from '../src/words.ts'
import { faultWorld, type Sees as SeesFault } from './faults/fault-world.ts'
import { inTime } from './faults/timed-world.ts'
import {
  clusterDns,
  createWorld,
  endpoint,
  good,
  nodeLocal,
  planOf,
  present,
  rounds,
  type Sees,
  timeout,
  type World,
} from './world.ts'

/** Pods use the upstream Service for nothing: that it fails has no name. */
const upstreamPlan = planOf([
  { role: 'cluster-dns-upstream', address: '10.96.0.11' },
  { role: 'cluster-dns-upstream', address: '10.96.0.11', question: 'version' },
  { role: 'cluster-dns', address: clusterDns },
  { role: 'cluster-dns', address: clusterDns, transport: 'tcp' },
  { role: 'endpoint', address: endpoint },
])
const broken: Sees = (node, vantage, probe) => (node === 'node-2' && vantage === 'pod' && probe < 2 ? timeout : good())
const well: Sees = () => good()
const three = () => createWorld(['node-1', 'node-2', 'node-3'], upstreamPlan)
const tick = (world: World) => applyTick(world.fleet, world.at).findings
const only = (world: World): Finding => {
  const [finding, ...more] = visibleFindings(world.fleet)
  if (finding === undefined || more.length > 0) throw new Error(`${more.length + (finding ? 1 : 0)} findings`)
  return finding
}

t.test('a finding opens, goes on with its id, and ends after three good ones in a row', async (t) => {
  const world = three()
  rounds(world, 5, well)
  rounds(world, 4, broken)
  t.match(tick(world), { opened: [], updated: [], ended: [] }, 'four bad ones are not five')
  rounds(world, 2, broken)
  const { opened } = tick(world)
  t.match(opened, [{ fault: 'unexplained-difference', since: '2027-01-15T08:01:30.000Z', ended: null, reopened: 0 }])
  rounds(world, 3, broken)
  t.match(tick(world), { opened: [], ended: [] })
  t.equal(only(world).id, opened[0]?.id)
  rounds(world, 2, well)
  t.match(tick(world), { opened: [], ended: [] })
  rounds(world, 1, well)
  t.match(tick(world), { opened: [], ended: [{ id: opened[0]?.id, ended: instant(world.at) }] })
  t.same(visibleFindings(world.fleet), [])
})

t.test('flapping is one finding, reopened; after ten minutes it is another', async (t) => {
  const world = three()
  rounds(world, 5, well)
  const ids = [20, 50].map((pause) => {
    rounds(world, 8, broken)
    tick(world)
    const { id, reopened } = only(world)
    for (let round = 0; round < pause; round++) {
      rounds(world, 1, well)
      tick(world)
    }
    return `${id} ${reopened}`
  })
  rounds(world, 8, broken)
  tick(world)
  t.equal(ids[1], ids[0]?.replace(/ 0$/, ' 1'))
  t.not(only(world).id, ids[0]?.split(' ')[0])
  t.equal(only(world).reopened, 0)
  t.equal(world.fleet.findings.size, 1, 'the old one is forgotten')
})

t.test('a finding keeps its identity while its scope grows', async (t) => {
  const world = three()
  rounds(world, 5, well)
  rounds(world, 6, broken)
  tick(world)
  const { id } = only(world)
  rounds(world, 6, (node, vantage, probe) => (node !== 'node-1' && vantage === 'pod' && probe < 2 ? timeout : good()))
  t.match(tick(world), { opened: [], ended: [] })
  t.match(only(world), { id, scope: { kind: 'group', nodes: ['node-2', 'node-3'] } })
})

t.test('two findings that become one: the older goes on, the younger ends', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3', 'node-4'], upstreamPlan)
  rounds(world, 5, well)
  const first: Sees = (node, _, probe) => (node === 'node-1' && probe < 2 ? timeout : good())
  rounds(world, 6, first)
  tick(world)
  const { id } = only(world)
  const mixed: Sees = (node, vantage, probe) =>
    node === 'node-2' && vantage === 'pod' && probe < 2 ? timeout : first(node, vantage, probe)
  rounds(world, 6, mixed)
  tick(world)
  t.equal(visibleFindings(world.fleet).length, 2, 'they are not alike yet')
  rounds(world, 6, (node, _, probe) => ((node === 'node-1' || node === 'node-2') && probe < 2 ? timeout : good()))
  t.equal(tick(world).ended.length, 1)
  t.equal(only(world).id, id)
})

t.test('a silent vantage covers what was known of it, and does not end it', async (t) => {
  const world = three()
  rounds(world, 8, broken)
  tick(world)
  const { id } = only(world)
  rounds(world, 6, (node, vantage, probe) =>
    node === 'node-2' && vantage === 'pod' ? null : broken(node, vantage, probe),
  )
  tick(world)
  t.match(only(world), { fault: 'vantage-silent', covers: [id] })
  rounds(world, 3, broken)
  tick(world)
  t.match(only(world), { id, since: '2027-01-15T08:00:15.000Z', reopened: 0 })
})

t.test('what looks back is explained by what has just ended; what goes by what is now is not', async (t) => {
  const world = three()
  rounds(world, 8, broken)
  tick(world)
  const finding = only(world)
  const { fleet } = world
  const explain = (endedSeconds: number) =>
    fleet.findings.set('other', {
      ...finding,
      id: 'other',
      ended: instant(fleet.now - endedSeconds),
      covers: [finding.id],
    })
  explain(60)
  t.equal(only(world).id, finding.id)
  fleet.findings.set(finding.id, { ...finding, fault: 'dns-packets-lost-on-node' })
  t.same(visibleFindings(fleet), [])
  explain(121)
  t.equal(only(world).id, finding.id, 'two minutes later it is told')
})

t.test('a restart ends no finding and opens none', async (t) => {
  const before = three()
  rounds(before, 8, broken)
  tick(before)
  const after = three()
  rounds(after, 1, () => good())
  after.at = before.at + 5
  after.fleet.listeningSince = after.at
  for (const [key, agent] of after.fleet.agents) {
    const { windows, plan } = present(before.fleet.agents.get(key))
    const states = plan.probes.map((_, probe) => ({ probe, ...probeState(windows, probe) }))
    agent.windows = restoreWindows(plan, after.fleet.thresholds, states)
  }
  for (const [id, finding] of before.fleet.findings) after.fleet.findings.set(id, finding)
  t.match(tick(after), { opened: [], ended: [] })
  rounds(after, 2, broken)
  t.match(tick(after), { opened: [], ended: [] })
  rounds(after, 6, broken)
  t.match(tick(after), { opened: [], ended: [] })
  t.equal(only(after).since, '2027-01-15T08:00:15.000Z')
})

t.test(
  'trap 10: rotated answers, other addresses of a name outside and a serial that moves are no finding',
  async (t) => {
    const plan = planOf([
      { role: 'cluster-dns', address: '10.96.0.10', question: 'canary' },
      { role: 'upstream', address: '192.0.2.1', question: 'external' },
      { role: 'endpoint', address: endpoint, question: 'soa' },
    ])
    const world = createWorld(['node-1', 'node-2', 'node-3'], plan)
    // CoreDNS's serial is the time of the last change: each node asks it after another one.
    const answers = (node: string) => [
      ['10.0.0.1', '10.0.0.2'],
      [`93.184.216.${node.at(-1)}`],
      [`ns.dns.cluster.local. hostmaster.cluster.local. 180000000${node.at(-1)} 7200 1800 86400 30`],
    ]
    rounds(world, 10, (node, _, probe) => good(answers(node)[probe]))
    tick(world)
    t.same(visibleFindings(world.fleet), [])
  },
)

t.test('trap 12: a plan that no longer asks a target ends the finding about it', async (t) => {
  const world = three()
  rounds(world, 8, (_, __, probe) => (probe === 4 ? timeout : good()))
  tick(world)
  t.match(only(world).scope, { kind: 'endpoint' })
  world.plan = planOf([{ role: 'node-local', address: nodeLocal }], 'b2')
  rounds(world, 1, well)
  t.equal(tick(world).ended.length, 1)
})

const controls: readonly Question[] = controlQuestions
const onPods =
  (node: string, role: string): SeesFault =>
  (name, probe) =>
    name === node && probe.vantage === 'pod' && probe.role === role ? 'timeout' : null

/** Faults of probes that are asked in every round. */
const hardFaults: Readonly<Record<string, SeesFault>> = {
  'pods-cannot-reach-node-local-dns': onPods('node-2', 'node-local'),
  'coredns-endpoint-failing': (_, { address }) => (address === '10.244.1.2' ? 'timeout' : null),
  'tcp-53-blocked': (node, { transport, role, question }) =>
    node === 'node-2' && transport === 'tcp' && role !== 'node-local' && !controls.includes(question)
      ? 'timeout'
      : null,
  'service-rules-broken-on-node': (node, { role }) => (node === 'node-2' && role === 'cluster-dns' ? 'timeout' : null),
  'node-local-dns-not-running': (node, { role }) => (node === 'node-2' && role === 'node-local' ? 'refused' : null),
}

for (const [fault, sees] of Object.entries(hardFaults)) {
  t.test(`${fault} is told within 45 s, by this name alone, and gone within 60 s of its end`, async (t) => {
    for (const begins of [90, 94, 99]) {
      const seen = inTime(sees, { begins, ends: 120, seconds: begins + 480 })
      const opened = seen.find(({ faults }) => faults.length > 0)?.second ?? Infinity
      const ended = seen.findLast(({ faults }) => faults.length > 0)?.second ?? Infinity
      t.ok(opened >= begins && opened - begins <= 45, `opens after ${opened - begins} s`)
      t.ok(ended - begins - 120 <= 60, `ends after ${ended - begins - 120} s`)
      t.same(new Set(seen.flatMap(({ faults }) => faults)), new Set([fault]))
    }
  })
}

t.test('a named fault that flaps is one finding, reopened each time', async (t) => {
  const { world, run } = faultWorld()
  const cut = onPods('node-2', 'node-local')
  const ids = [1, 2, 3].map((time) => {
    const [finding] = run(6, cut)
    t.equal(present(finding).reopened, time - 1)
    t.equal(/ \(flapping\)$/.test(present(finding).title), time === 3, 'from the second time that it came back on')
    t.equal(/ It is flapping: it came back 2 times\.$/.test(present(finding).story), time === 3)
    t.same(
      run(8, () => null),
      [],
    )
    return finding?.id
  })
  t.equal(new Set(ids).size, 1)
  t.equal(world.fleet.findings.size, 1)
  t.match(run(6, cut), [{ since: [...world.fleet.findings.values()][0]?.since }], 'since its first time')
})
