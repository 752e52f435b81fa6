import { agentKey, applyCluster, createFleet, defaultThresholds, type Fleet, type FleetAgent } from '@oddnode/diagnosis'
import { Plan } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { createPlanner, type PlannedAgent } from '../../src/plans/planner.ts'
import { podSearch, resolvConfOf } from '../cluster/agents.ts'
import { clusterNode, clusterOf, dnsEndpoint } from '../cluster/cluster-of.ts'
import { configOf } from './config-of.ts'

const START = 1_795_251_600

function planning(flags: string[] = [], discovers = true) {
  const fleet = createFleet(START, defaultThresholds)
  const planner = createPlanner({
    fleet,
    config: configOf(...flags),
    namespace: 'oddnode',
    discovers,
    intern: (plan) => plan,
  })
  return { fleet, ...planner }
}

const agent = (node: string, vantage: 'host' | 'pod' = 'pod', nameserver = '169.254.20.10'): PlannedAgent => ({
  node,
  vantage,
  facts: { resolvConf: resolvConfOf({ usedNameservers: [nameserver], search: vantage === 'pod' ? podSearch : [] }) },
})

/** An agent that the fleet knows. */
function heard(fleet: Fleet, node: string, vantage: 'host' | 'pod', lastSeen: number, plan: Plan): void {
  const known = { ...agent(node, vantage), lastSeen, stopped: false, plan } as FleetAgent
  fleet.agents.set(agentKey(node, vantage), known)
}

t.test('no plan where nothing is known that the agent does not see itself', async (t) => {
  const { planFor, fleet } = planning()
  t.equal(planFor(agent('node-1')), null)
  applyCluster(fleet, START, clusterOf())
  t.equal(planFor({ ...agent('node-1'), facts: null }), null, 'nor before it has told what that is')
  t.ok(planFor(agent('node-1')))
})

t.test('targets that are set are enough, where nobody looks for more', async (t) => {
  const set = ['--targets.clusterDns=10.96.0.10', '--names.clusterDomain=cluster.local']
  t.equal(planning(set).planFor(agent('node-1')), null)
  t.equal(planning(['--targets.ntp=192.0.2.123'], false).planFor(agent('node-1')), null)
  const plan = planning(set, false).planFor(agent('node-1'))
  t.strictSame(
    plan?.targets.map(({ role }) => role),
    ['cluster-dns', 'resolv-conf'],
  )
})

t.test('agents that ask alike share a plan, and it is known by its id', async (t) => {
  const { planFor, byId, fleet } = planning()
  applyCluster(fleet, START, clusterOf())
  const plans = ['node-1', 'node-2', 'node-3'].map((node) => planFor(agent(node)))
  t.equal(new Set(plans).size, 2, 'but for the one that asks for its group')
  t.equal(planFor(agent('node-1')), plans[0])
  t.equal(byId(plans[0]?.id ?? ''), plans[0])
  t.equal(byId('none'), undefined)
  t.not(planFor(agent('node-1', 'host'))?.id, plans[0]?.id)
  const own = planFor(agent('node-1', 'pod', '192.0.2.99'))?.targets.find(({ role }) => role === 'resolv-conf')
  t.match(own, { address: '192.0.2.99' })
})

t.test('a new picture makes a new plan only where it differs', async (t) => {
  const { planFor, fleet } = planning()
  applyCluster(fleet, START, clusterOf())
  const before = planFor(agent('node-1', 'host'))
  applyCluster(fleet, START + 1, clusterOf({ hidden: ['Something.'] }))
  t.equal(planFor(agent('node-1', 'host'))?.id, before?.id)
  applyCluster(fleet, START + 2, clusterOf({}, { endpoints: [dnsEndpoint('10.244.9.9')] }))
  const after = planFor(agent('node-1', 'host'))
  t.not(after?.id, before?.id)
  t.strictSame(
    after?.targets.filter(({ role }) => role === 'endpoint').map(({ address }) => address),
    ['10.244.9.9'],
  )
})

t.test('who asks for the group falls silent: another one does', async (t) => {
  const { planFor, fleet } = planning()
  applyCluster(fleet, START, clusterOf())
  const nodes = ['node-1', 'node-2', 'node-3']
  const askers = () => nodes.filter((node) => planFor(agent(node))?.probes.some(({ question }) => question === 'case'))
  const [first] = askers()
  t.equal(askers().length, 1)
  const plan = planFor(agent('node-1'))
  if (!plan) throw new Error('there is a plan')
  fleet.now = START + 120
  for (const node of nodes) heard(fleet, node, 'pod', node === first ? START : START + 119, plan)
  t.equal(askers().length, 1)
  t.not(askers()[0], first)
})

t.test('upstreams are those of the host of the same node', async (t) => {
  const { planFor, fleet } = planning()
  const cluster = clusterOf({ source: 'kubernetes' }, { upstreams: ['192.0.2.1', '192.0.2.2'] })
  applyCluster(fleet, START, cluster)
  const plan = planFor(agent('node-1'))
  if (!plan) throw new Error('there is a plan')
  heard(fleet, 'node-1', 'host', START, plan)
  const host = fleet.agents.get('host/node-1')
  if (host) host.facts = { resolvConf: resolvConfOf({ usedNameservers: ['192.0.2.2'] }) }
  const upstreams = (node: string) =>
    planFor(agent(node, 'host'))
      ?.targets.filter(({ role }) => role === 'upstream')
      .map(({ address }) => address)
  t.strictSame(upstreams('node-1'), ['192.0.2.2'])
  t.strictSame(upstreams('node-2'), [])
})

t.test(
  "where the host tells of a full connection table, both of the node's agents open fewer connections",
  async (t) => {
    const { planFor, fleet } = planning()
    applyCluster(fleet, START, clusterOf())
    const before = planFor(agent('node-1'))
    if (!before) throw new Error('there is a plan')
    heard(fleet, 'node-1', 'host', START, before)
    const host = fleet.agents.get('host/node-1')
    const withTable = (entries: number) => {
      if (host) host.facts = { ...host.facts, conntrack: { entries, max: 1000, counters: {} } }
      return planFor(agent('node-1'))
    }
    const isDear = (plan: Plan | null) => plan?.probes.some(({ question }) => question === 'pair')
    t.equal(withTable(100), before)
    t.ok(isDear(before))
    t.equal(isDear(withTable(980)), false)
    t.equal(isDear(planFor(agent('node-2'))), true, 'other nodes go on')
    t.equal(withTable(100), before)
  },
)

t.test('at 10,000 nodes the plans are few', async (t) => {
  const { planFor, fleet, sampling } = planning()
  const nodes = Array.from({ length: 10_000 }, (_, i) =>
    clusterNode(`node-${i}`, { attributes: { zone: `zone-${i % 3}` } }),
  )
  const endpoints = Array.from({ length: 40 }, (_, i) => dnsEndpoint(`10.244.${i}.2`))
  const cluster = clusterOf({ nodes }, { endpoints })
  applyCluster(fleet, START, cluster)
  const plans = new Set(nodes.flatMap(({ name }) => [planFor(agent(name)), planFor(agent(name, 'host'))]))
  t.ok(plans.size < 700, `${plans.size} plans`)
  t.match(sampling(cluster), {
    id: 'sampling',
    passed: true,
    detail: /3 nodes ask each of 40 CoreDNS pods in every round/,
  })
})

t.test('more CoreDNS pods, and more search domains, than a plan has room for', async (t) => {
  const { planFor, sampling, fleet } = planning()
  const names = ['node-1', ...Array.from({ length: 59 }, (_, i) => `node-${i + 2}`)]
  const largeNames = [1232, 1460, 4096].map((octets) => ({ name: `large-${octets}.oddnode.svc.cluster.local`, octets }))
  const endpoints = names.map((node, i) => dnsEndpoint(`10.128.${i}.2`, { node, port: 5353 }))
  const cluster = clusterOf({ nodes: names.map((name) => clusterNode(name)), largeNames }, { endpoints })
  applyCluster(fleet, START, cluster)
  const search = [...podSearch, ...Array.from({ length: 29 }, (_, i) => `domain-${i}.example`)]
  for (const name of names) {
    const facts = { resolvConf: resolvConfOf({ usedNameservers: ['169.254.20.10'], search }) }
    t.ok(Value.Check(Plan, planFor({ ...agent(name), facts })), name)
  }
  t.match(sampling(cluster), { passed: true })
})

t.test('a cluster file with more targets than a plan has room for: the report says how many nobody asks', async (t) => {
  const { planFor, sampling, fleet } = planning()
  const some = (net: number) => Array.from({ length: 64 }, (_, i) => `192.0.${net}.${i}`)
  const cluster = clusterOf({}, { addresses: some(1), nodeLocalAddresses: some(2), upstreams: some(3) })
  applyCluster(fleet, START, cluster)
  t.ok(Value.Check(Plan, planFor(agent('node-1'))))
  t.match(sampling(cluster), {
    passed: false,
    detail: /; \d+ targets are asked by nobody, since a plan holds 1024 probes/,
  })
})

t.test('what CoreDNS may get besides the rounds, while something fails', async (t) => {
  const { spare, fleet } = planning()
  t.equal(spare(), null, 'nobody knows of a CoreDNS pod')
  applyCluster(fleet, START, clusterOf({}, { endpoints: [] }))
  t.equal(spare(), null)
  const known = planning()
  applyCluster(known.fleet, START, clusterOf())
  const found = known.spare()
  t.match(found, { endpoints: 2 })
  t.ok((found?.queriesPerSecond ?? 0) > 90 && (found?.queriesPerSecond ?? 0) < 100, 'twice the budget less the load')
})
