import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { good, start } from '../world.ts'
import { canaryPlan } from './fault-plan.ts'
import { faultCluster, faultWorld, named, type Sees, single, worldOf } from './fault-world.ts'

const before = ['10.244.1.9', '10.244.2.9']
const now = ['10.244.1.9', '10.244.2.9', '10.244.3.9']
const settledLongAgo = start - 3600

const withCanary = (addresses: readonly string[], changedAt = settledLongAgo): Cluster => ({
  ...faultCluster(),
  canary: { name: 'oddnode-agents.oddnode.svc.cluster.local', addresses: [...addresses], changedAt },
})

/** Everybody answers these addresses, this CoreDNS pod those. */
const answers =
  (usual: readonly string[], pod = '', its: readonly string[] = []): Sees =>
  (_, { question, address }) =>
    question === 'canary' ? good([...(address === pod ? its : usual)]) : null

const seen = (sees: Sees, cluster: Cluster | null) => named(worldOf(sees, { plan: canaryPlan, cluster }), 12)

t.test('a pod that missed an address', async (t) => {
  t.match(single(seen(answers(now, '10.244.3.2', before), withCanary(now))), {
    fault: 'coredns-replica-stale',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'endpoint', subject: { role: 'endpoint', address: '10.244.3.2', pod: 'coredns-2', node: 'node-3' } },
    story: 'CoreDNS pod 10.244.3.2 missed changes since 2027-01-15 07:00:00 UTC: it lacks new addresses.',
    confirm: [
      'in a pod on node-1, for each CoreDNS pod: dig +short @10.244.3.2 oddnode-agents.oddnode.svc.cluster.local. | sort',
    ],
  })
})

t.test('that still has one which is gone, or both', async (t) => {
  t.match(
    single(seen(answers(before, '10.244.3.2', now), withCanary(before))).story,
    'it still returns removed addresses.',
  )
  t.match(
    single(seen(answers(before, '10.244.3.2', ['10.244.1.9', '10.244.9.9']), withCanary(before))).story,
    'it lacks new and still returns removed addresses.',
  )
})

t.test('caches that got it from there are explained', async (t) => {
  const passed: Sees = (node, probe, round) =>
    node === 'node-2' && probe.role === 'node-local' && probe.question === 'canary'
      ? good(before)
      : answers(now, '10.244.3.2', before)(node, probe, round)
  t.match(single(seen(passed, withCanary(now))), { fault: 'coredns-replica-stale' })
})

t.test('it is not named', async (t) => {
  const faultsOf = (sees: Sees, cluster: Cluster | null) => seen(sees, cluster).map(({ fault }) => fault)
  const name = 'coredns-replica-stale'
  t.same(seen(answers(now), withCanary(now)), [], 'while all answer what the API says')
  t.notOk(faultsOf(answers(before), withCanary(now)).includes(name), 'where no pod answers what the API says')
  t.notOk(faultsOf(answers(now, '10.244.3.2', before), null).includes(name), 'where nobody says')
  const one: Sees = (node, probe, round) =>
    node === 'node-2' ? answers(now, '10.244.3.2', before)(node, probe, round) : answers(now)(node, probe, round)
  t.notOk(faultsOf(one, withCanary(now)).includes(name), 'where one node of three is answered so')
  const cache: Sees = (node, { role, question }) =>
    question === 'canary' ? good(node === 'node-2' && role === 'node-local' ? before : now) : null
  t.match(single(seen(cache, withCanary(now))), { fault: 'node-local-cache-stale' })
})

t.test('a change takes its time to be known, and it ends', async (t) => {
  const world = faultWorld({ plan: canaryPlan, cluster: withCanary(before, start - 3600) })
  t.same(world.run(6, answers(before)), [])
  const sees = answers(now, '10.244.3.2', before)
  world.setCluster(withCanary(now, world.world.at))
  const isNamed = (rounds: number, look = sees) =>
    world.run(rounds, look).some(({ fault }) => fault === 'coredns-replica-stale')
  t.notOk(isNamed(7), 'after 105 s')
  t.ok(isNamed(1))
  t.notOk(isNamed(1, answers(now)))
})
