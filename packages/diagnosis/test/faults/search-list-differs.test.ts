import type { Facts, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { faultCluster, faultWorld, named, nodeLocalFacts, resolvConf, single, worldOf } from './fault-world.ts'

const domains = ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local']
const healthy = () => null
type Files = Readonly<Record<string, { search?: string[]; options?: string[]; nameservers?: string[] }>>

/** What pods of these nodes have instead. */
const pods =
  (files: Files) =>
  (node: string, vantage: Vantage): Facts => {
    const { search = domains, options = ['ndots:5'], nameservers = ['169.254.20.10'] } = files[node] ?? {}
    const usual = nodeLocalFacts(node, vantage)
    return vantage === 'pod' ? { ...usual, resolvConf: resolvConf(nameservers, search, options) } : usual
  }

const seen = (files: Files, nodes?: readonly string[]) =>
  named(worldOf(healthy, { facts: pods(files), ...(nodes === undefined ? {} : { nodes }) }))

t.test('one node appends a domain', async (t) => {
  t.match(single(seen({ 'node-2': { search: [...domains, 'corp.example'] } })), {
    fault: 'search-list-differs',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'Pods on node-2 have search list oddnode.svc.cluster.local svc.cluster.local cluster.local corp.example instead of oddnode.svc.cluster.local svc.cluster.local cluster.local: short names cost more queries or resolve differently.',
    confirm: [/spec\.nodeName=node-2\) -- cat \/etc\/resolv\.conf$/],
  })
})

t.test('other options', async (t) => {
  t.match(single(seen({ 'node-2': { options: [] } })), {
    story: 'Pods on node-2 have options none instead of ndots:5: short names cost more queries or resolve differently.',
  })
  t.same(seen({ 'node-2': { options: ['ndots:5'] } }), [])
})

t.test('two of five nodes are a group, two of four are halves', async (t) => {
  const files = { 'node-2': { search: [] }, 'node-4': { search: [] } }
  t.match(single(seen(files, ['node-1', 'node-2', 'node-3', 'node-4', 'node-5'])), {
    scope: { kind: 'group', nodes: ['node-2', 'node-4'], shared: { zone: 'zone-2' } },
    story: /^Pods on node-2 and node-4 have search list none instead of/,
  })
  t.match(single(seen(files, ['node-1', 'node-2', 'node-3', 'node-4'])), {
    confidence: 'likely',
    scope: { kind: 'cluster' },
    story:
      'Pods have search list none on node-2 and node-4, oddnode.svc.cluster.local svc.cluster.local cluster.local on node-1 and node-3: short names cost more queries or resolve differently on some of them.',
  })
  t.match(single(seen({ 'node-2': { options: [] } }, ['node-1', 'node-2'])), {
    confidence: 'likely',
    story: /^Pods have options /,
  })
})

t.test('what clouds put there for each zone is no difference, nor what differs by design', async (t) => {
  const zoned = Object.fromEntries(
    ['node-1', 'node-2', 'node-3'].map((node, i) => [node, { search: [...domains, `zone-${(i % 2) + 1}.c.example`] }]),
  )
  t.same(seen(zoned), [])
  const cluster = faultCluster()
  const grouped = {
    ...cluster,
    nodes: cluster.nodes.map((one) => ({ ...one, group: one.name === 'node-2' ? 'b' : 'a' })),
  }
  t.same(named(worldOf(healthy, { facts: pods({ 'node-2': { search: [] } }), cluster: grouped })), [])
})

t.test('another cluster domain, and another nameserver, are other faults', async (t) => {
  const other = ['oddnode.svc.other.example', 'svc.other.example', 'other.example']
  t.match(single(seen({ 'node-2': { search: other } })), { fault: 'wrong-cluster-domain' })
  t.match(single(seen({ 'node-2': { search: [], nameservers: ['192.0.2.1'] } })), {
    fault: 'pods-have-wrong-nameserver',
  })
})

t.test('it ends when the lists are alike, and not because nobody tells', async (t) => {
  let files: Files = { 'node-2': { search: [] } }
  const world = faultWorld({ facts: (node, vantage) => pods(files)(node, vantage) })
  const { fleet } = world.world
  t.equal(world.run(1, healthy).length, 1)
  const agent = fleet.agents.get('pod/node-2')
  if (agent !== undefined) agent.facts = null
  applyTick(fleet, world.world.at + 5)
  t.equal(visibleFindings(fleet).length, 1)
  files = {}
  t.same(world.run(1, healthy), [])
})
