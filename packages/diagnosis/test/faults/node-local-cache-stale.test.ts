import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { good, start } from '../world.ts'
import { isFound } from './fault-names.ts'
import { canaryPlan } from './fault-plan.ts'
import { faultCluster, faultWorld, named, type Sees, single, worldOf } from './fault-world.ts'

const before = ['10.244.1.8']
const now = ['10.244.1.9']

const withCanary = (addresses: readonly string[], changedAt = start - 3600): Cluster => ({
  ...faultCluster(),
  canary: { name: 'oddnode-agents.oddnode.svc.cluster.local', addresses: [...addresses], changedAt },
})

/** The caches of these nodes answer what was before. */
const stale =
  (nodes: readonly string[]): Sees =>
  (node, { role, question }) =>
    question === 'canary' ? good(role === 'node-local' && nodes.includes(node) ? before : now) : null

const seen = (sees: Sees, cluster: Cluster | null = withCanary(now)) =>
  named(worldOf(sees, { plan: canaryPlan, cluster }), 12)

t.test('one node', async (t) => {
  t.match(single(seen(stale(['node-2']))), {
    fault: 'node-local-cache-stale',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Node-local DNS on node-2 returns addresses replaced at 2027-01-15 07:00:00 UTC; CoreDNS has the new ones.',
    confirm: ['in a pod on node-2, twice: dig @169.254.20.10 oddnode-agents.oddnode.svc.cluster.local. +noall +answer'],
  })
})

t.test('several, and all', async (t) => {
  t.match(single(seen(stale(['node-1', 'node-3']))), { scope: { kind: 'group', nodes: ['node-1', 'node-3'] } })
  t.match(single(seen(stale(['node-1', 'node-2', 'node-3']))), {
    scope: { kind: 'cluster' },
    story: /^Node-local DNS on every node /,
  })
})

t.test('it is not named', async (t) => {
  const isNamed = (sees: Sees, cluster?: Cluster | null) =>
    seen(sees, cluster).some(({ fault }) => fault === 'node-local-cache-stale')
  t.same(seen(stale([])), [], 'while caches are fresh')
  t.notOk(isNamed(stale(['node-2']), null), 'where nobody says')
  const pods: Sees = (node, probe, round) =>
    probe.question === 'canary' && probe.role === 'endpoint' ? good(before) : stale(['node-2'])(node, probe, round)
  t.notOk(isNamed(pods), 'where CoreDNS answers the old ones too')
  const one: Sees = (node, probe, round) =>
    probe.question === 'canary' && probe.address === '10.244.3.2' ? good(before) : stale(['node-2'])(node, probe, round)
  t.match(single(seen(one)), { fault: 'coredns-replica-stale' }, 'where one CoreDNS pod does')
})

t.test('caches may keep what they have for a while, and it ends', async (t) => {
  const world = faultWorld({ plan: canaryPlan, cluster: withCanary(before) })
  world.run(1, () => good(before))
  world.setCluster(withCanary(now, world.world.at))
  const isNamed = (rounds: number, sees: Sees) =>
    world.run(rounds, sees).some(({ fault }) => fault === 'node-local-cache-stale')
  t.notOk(isNamed(2, stale(['node-2'])))
  t.ok(isNamed(1, stale(['node-2'])))
  world.setCluster({ ...faultCluster(), canary: null })
  t.ok(isNamed(1, stale(['node-2'])), 'not over because nobody says')
  world.setCluster(withCanary(now))
  t.notOk(isNamed(1, stale([])))
})

t.test('not where no CoreDNS pod tells, or one has the old ones', async (t) => {
  const setting = { plan: canaryPlan, cluster: withCanary(now) }
  const silent: Sees = (node, probe, round) =>
    probe.question === 'canary' && probe.role === 'endpoint' ? 'timeout' : stale(['node-2'])(node, probe, round)
  t.notOk(isFound('node-local-cache-stale', silent, { ...setting, before: silent }, 12))
  const one: Sees = (node, probe, round) =>
    probe.question === 'canary' && probe.address === '10.244.3.2' ? good(before) : stale(['node-2'])(node, probe, round)
  t.notOk(isFound('node-local-cache-stale', one, setting, 12))
})
