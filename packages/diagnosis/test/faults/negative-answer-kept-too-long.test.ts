import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { good, start } from '../world.ts'
import { canaryPlan } from './fault-plan.ts'
import { faultCluster, faultWorld, type ProbeOf, type Sees, single, type Wrong } from './fault-world.ts'

const addresses = ['10.244.1.9']
const withCanary = (changedAt: number): Cluster => ({
  ...faultCluster(),
  canary: { name: 'oddnode-agents.oddnode.svc.cluster.local', addresses, changedAt },
})

/** Whom nobody has told of the Service yet. */
const missing =
  (isMeant: (node: string, probe: ProbeOf) => boolean): Sees =>
  (node, probe) =>
    probe.question !== 'canary' ? null : isMeant(node, probe) ? 'NXDOMAIN' : good(addresses)

const cacheOf = (...nodes: string[]) => missing((node, { role }) => role === 'node-local' && nodes.includes(node))

/** A Service comes into being at the third of these rounds: before, nobody knows it. */
function seen(sees: Sees, rounds = 8, createdAt?: number, first: Wrong = 'NXDOMAIN') {
  const world = faultWorld({ plan: canaryPlan, cluster: { ...faultCluster(), canary: null } })
  world.run(3, (_, { question }) => (question === 'canary' ? first : null))
  world.setCluster(withCanary(createdAt ?? world.world.at))
  return { findings: world.run(rounds, sees), world }
}

t.test('a cache', async (t) => {
  t.match(single(seen(cacheOf('node-2')).findings), {
    fault: 'negative-answer-kept-too-long',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'On node-2 a Service created at 2027-01-15 08:02:00 UTC is still NXDOMAIN.',
    confirm: ['in a pod on node-2: dig @169.254.20.10 oddnode-agents.oddnode.svc.cluster.local. +noall +authority'],
  })
})

t.test('caches of several nodes', async (t) => {
  t.match(single(seen(cacheOf('node-1', 'node-3')).findings), { scope: { kind: 'group', nodes: ['node-1', 'node-3'] } })
})

t.test('a CoreDNS pod, whoever asks it', async (t) => {
  t.match(single(seen(missing((_, { address }) => address === '10.244.1.2')).findings), {
    fault: 'negative-answer-kept-too-long',
    confidence: 'likely',
    scope: { kind: 'endpoint', subject: { address: '10.244.1.2', node: 'node-1' } },
    story: 'At CoreDNS pod 10.244.1.2 a Service created at 2027-01-15 08:02:00 UTC is still NXDOMAIN.',
  })
})

t.test('it is not named', async (t) => {
  const name = 'negative-answer-kept-too-long'
  const isNamed = (...args: Parameters<typeof seen>) => seen(...args).findings.some(({ fault }) => fault === name)
  t.notOk(isNamed(cacheOf('node-2'), 2), 'while caches may keep it')
  t.notOk(isNamed(cacheOf('node-2'), 8, start - 3600), 'where it was not asked before it was there')
  t.notOk(isNamed(missing(() => true)), 'where nobody answers it')
  t.notOk(isNamed(missing((_, { role }) => role === 'endpoint')), 'where no CoreDNS pod does')
  const servfail: Sees = (node, probe, round) =>
    cacheOf('node-2')(node, probe, round) === 'NXDOMAIN' ? 'SERVFAIL' : cacheOf()(node, probe, round)
  t.notOk(isNamed(servfail, 8, undefined, 'SERVFAIL'), 'where it is SERVFAIL')
  const world = faultWorld({ plan: canaryPlan, cluster: { ...faultCluster(), canary: null } })
  t.notOk(
    world.run(8, cacheOf('node-2')).some(({ fault }) => fault === name),
    'where nobody says',
  )
})

t.test('it ends', async (t) => {
  const { world } = seen(cacheOf('node-2'))
  t.equal(world.run(2, cacheOf()).length, 1)
  t.same(world.run(1, cacheOf()), [])
})

t.test('the same holds for a CoreDNS pod', async (t) => {
  const isNamed = (...args: Parameters<typeof seen>) =>
    [...seen(...args).world.world.fleet.findings.values()].some(
      ({ fault }) => fault === 'negative-answer-kept-too-long',
    )
  const pod = missing((_, { address }) => address === '10.244.1.2')
  t.notOk(isNamed(pod, 3, start + 140), 'while caches may keep it')
  t.notOk(isNamed(cacheOf('node-2'), 2))
  t.notOk(isNamed(pod, 8, start - 3600), 'where it was not asked before it was there')
  const servfail: Sees = (...what) => (pod(...what) === 'NXDOMAIN' ? 'SERVFAIL' : pod(...what))
  t.notOk(isNamed(servfail, 8, undefined, 'SERVFAIL'), 'where it is SERVFAIL')
})
