import type { Cluster, ClusterEvent, Facts, Vantage } from '@oddnode/protocol'
import { makePlan } from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { start } from '../world.ts'
import { faultPlanInput, targetAt } from './fault-plan.ts'
import {
  faultCluster,
  faultWorld,
  named,
  nodeLocalFacts,
  resolvConf,
  type Sees,
  single,
  worldOf,
} from './fault-world.ts'

const everyNode = ['node-1', 'node-2', 'node-3']
const four = ['192.0.2.53', '192.0.2.54', '192.0.2.55', '192.0.2.56']
const healthy: Sees = () => null

/** The file of these hosts. */
const hostFile =
  (nodes: readonly string[], nameservers: string[]) =>
  (node: string, vantage: Vantage): Facts => ({
    ...nodeLocalFacts(node, vantage),
    ...(vantage === 'host' && nodes.includes(node) ? { resolvConf: resolvConf(nameservers) } : {}),
  })

const podSearch =
  (nodes: readonly string[], search: string[]) =>
  (node: string, vantage: Vantage): Facts => ({
    ...nodeLocalFacts(node, vantage),
    ...(vantage === 'pod' && nodes.includes(node)
      ? { resolvConf: resolvConf(['169.254.20.10'], search, ['ndots:5']) }
      : {}),
  })

const event = (message: string, changes: Partial<ClusterEvent> = {}): ClusterEvent => ({
  reason: 'DNSConfigForming',
  node: 'node-2',
  pod: 'oddnode/oddnode-agent-host-x',
  message,
  lastSeenAt: start,
  ...changes,
})
const withEvents = (...events: ClusterEvent[]): Cluster => ({ ...faultCluster(), events })

const exceeded =
  'Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 192.0.2.53 192.0.2.54 192.0.2.55'

t.test('a file with four nameservers', async (t) => {
  t.match(single(named(worldOf(healthy, { facts: hostFile(['node-2'], four) }))), {
    fault: 'resolv-conf-over-limits',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'resolv.conf on node-2 names 4 nameservers; only three count.',
    confirm: ['kubectl get events -A --field-selector reason=DNSConfigForming', 'on node-2: cat /etc/resolv.conf'],
  })
  t.match(single(named(worldOf(healthy, { facts: hostFile(everyNode, four) }))), {
    scope: { kind: 'cluster' },
    story: 'resolv.conf on every node names 4 nameservers; only three count.',
  })
  t.same(named(worldOf(healthy, { facts: hostFile(['node-2'], four.slice(1)) })), [])
})

t.test('kubelet says that it cut the file', async (t) => {
  t.match(single(named(worldOf(healthy, { cluster: withEvents(event(exceeded)) }))), {
    severity: 'info',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'resolv.conf on node-2 names more than three nameservers; only three count.',
  })
  t.same(named(worldOf(healthy, { cluster: withEvents(event(exceeded, { lastSeenAt: start - 3600 })) })), [])
  t.same(named(worldOf(healthy, { cluster: withEvents(event(exceeded, { reason: 'MissingClusterDNS' })) })), [])
  t.same(named(worldOf(healthy, { cluster: withEvents(event(exceeded, { node: null })) })), [])
})

/** The file's nameservers are asked, but two of them by nobody else. */
const plan = (vantage: Vantage) => {
  const input = faultPlanInput(vantage)
  return makePlan({ ...input, targets: [...input.targets, targetAt('upstream', '192.0.2.54')] })
}

t.test('a dead one is kept and a good one dropped', async (t) => {
  const dead: Sees = (node, { address }) => (node === 'node-2' && address === '192.0.2.54' ? 'timeout' : null)
  const findings = named(worldOf(dead, { plan, cluster: withEvents(event(exceeded)) }))
  t.match(single(findings), {
    severity: 'warning',
    story:
      'resolv.conf on node-2 names more than three nameservers; only three count, and 192.0.2.54 among them does not answer.',
  })
})

t.test('the same nameserver twice', async (t) => {
  t.match(single(named(worldOf(healthy, { facts: hostFile(['node-2'], ['192.0.2.53', '192.0.2.53']) }))), {
    severity: 'info',
    story: 'resolv.conf on node-2 names 192.0.2.53 more than once: only one nameserver counts.',
  })
  t.match(
    single(named(worldOf(healthy, { facts: hostFile(['node-2'], ['192.0.2.53', '192.0.2.54', '192.0.2.53']) }))),
    {
      story: 'resolv.conf on node-2 names 192.0.2.53 more than once: only 2 different ones count.',
    },
  )
})

const domains = ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local']

t.test('a search list that is too long', async (t) => {
  const seven = [...domains, 'a.example', 'b.example', 'c.example', 'd.example']
  t.match(single(named(worldOf(healthy, { facts: podSearch(everyNode, seven) }))), {
    severity: 'info',
    scope: { kind: 'cluster' },
    story: 'Pods on every node have a search list of 7 domains and 97 octets: glibc before 2.26 takes 6 and 256.',
  })
  const long = [...domains, `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.example`]
  t.match(single(named(worldOf(healthy, { facts: podSearch(everyNode, long) }))), { story: /4 domains and 257 octets/ })
  t.same(named(worldOf(healthy, { facts: podSearch(everyNode, seven.slice(0, 6)) })), [])
  const cut = event(
    'Search Line limits were exceeded, some search paths have been omitted, the applied search line is: a b',
  )
  t.match(single(named(worldOf(healthy, { cluster: withEvents(cut) }))), {
    story:
      /^Pods on node-2 have a search list of 3 domains and 57 octets, which is what kubelet left of a longer one\.$/,
  })
})

t.test('another nameserver than the others have is another fault', async (t) => {
  const facts = (node: string, vantage: Vantage): Facts =>
    vantage === 'pod' && node === 'node-2'
      ? { ...nodeLocalFacts(node, vantage), resolvConf: resolvConf(['10.96.0.10'], domains, ['ndots:5']) }
      : nodeLocalFacts(node, vantage)
  t.match(single(named(worldOf(healthy, { facts }))), { fault: 'pods-have-wrong-nameserver' })
})

t.test('it ends when the file is right, and not because nobody tells', async (t) => {
  let nameservers = four
  const world = faultWorld({ facts: (node, vantage) => hostFile(['node-2'], nameservers)(node, vantage) })
  const { fleet } = world.world
  t.equal(world.run(1, healthy).length, 1)
  const agent = fleet.agents.get('host/node-2')
  if (agent !== undefined) agent.facts = null
  applyTick(fleet, world.world.at + 5)
  t.equal(visibleFindings(fleet).length, 1)
  nameservers = ['192.0.2.53']
  t.same(world.run(1, healthy), [])
})
