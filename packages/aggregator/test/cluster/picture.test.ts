import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { type AgentFacts, seenByAgents } from '../../src/cluster/agent-facts.ts'
import { keepService } from '../../src/cluster/dns-service.ts'
import { keepSlice } from '../../src/cluster/endpoints.ts'
import { keepNode } from '../../src/cluster/node.ts'
import { type ApiParts, type PictureSettings, pictureOf, serviceOf } from '../../src/cluster/picture.ts'
import { keepPod } from '../../src/cluster/pod.ts'
import { readCluster } from '../../src/cluster/read-cluster.ts'
import { recorded } from '../kubernetes/api-server.ts'
import { hostAgent, podAgent } from './agents.ts'
import { noneSet } from './targets-set.ts'

const parts: ApiParts = {
  nodes: recorded('nodes').items.flatMap((object) => keepNode(object) ?? []),
  services: recorded('services').items.flatMap((object) => keepService(object) ?? []),
  apiService: recorded('api-service').items.flatMap((object) => keepService(object) ?? [])[0] ?? null,
  slices: recorded('slices').items.map(keepSlice),
  canarySlices: recorded('canary-slices').items.map(keepSlice),
  largeSlices: [],
  systemPods: recorded('system-pods').items.flatMap((object) => keepPod(object) ?? []),
  agentPods: recorded('agent-pods').items.flatMap((object) => keepPod(object) ?? []),
  daemonSets: [],
  corefile: { zones: ['cluster.local'], forwards: ['/etc/resolv.conf'] },
  configMap: 'coredns',
  missingRights: [],
  events: [],
  hidden: ['Something.'],
}
const settings: PictureSettings = {
  vantages: ['host', 'pod'],
  namespace: 'oddnode',
  canary: 'oddnode-agents',
  clusterDomain: null,
  targets: noneSet,
}
const agents = [
  podAgent('node-1', '169.254.20.10'),
  podAgent('node-2', '169.254.20.10'),
  hostAgent('node-1', '198.19.0.53'),
]

/** Long after every pod of the recorded cluster began. */
const NOW = 1_900_000_000

const picture = (
  changed: Partial<ApiParts> = {},
  facts: AgentFacts[] = agents,
  set: Partial<PictureSettings> = {},
): Cluster =>
  pictureOf(
    { ...parts, ...changed },
    { facts, seen: seenByAgents(facts) },
    { ...settings, ...set },
    { at: NOW, endpoints: () => 17, canary: () => 18 },
  )

t.test('where node-local DNS was replaced lately', async (t) => {
  const pods = parts.systemPods ?? []
  const old = pods.find(({ component }) => component === 'node-local-dns')
  if (old === undefined) throw new Error('the recorded cluster has node-local DNS')
  const replacedIn = (changes: object) => picture({ systemPods: [{ ...old, ...changes }] }).dns.nodeLocalReplaced
  t.equal(replacedIn({}), undefined)
  t.same(replacedIn({ createdAt: NOW - 20 }), [{ node: old.node, at: NOW - 20 }])
  t.same(replacedIn({ endsBy: NOW + 30 }), [{ node: old.node, at: NOW + 30 }], 'it ends')
  t.equal(replacedIn({ createdAt: NOW - 91 }), undefined)
  t.equal(replacedIn({ createdAt: NOW, node: null }), undefined, 'it is not scheduled')
  t.equal(replacedIn({ createdAt: NOW, hasEnded: true }), undefined, 'it was evicted')
  t.equal(replacedIn({ createdAt: NOW, component: 'coredns' }), undefined)
})

t.test('a real cluster', async (t) => {
  const cluster = picture()
  t.strictSame(readCluster(JSON.stringify(cluster)), { cluster }, 'it is of the schema')
  t.match(cluster, {
    source: 'kubernetes',
    nodes: [{ name: 'node-1', expected: ['host', 'pod'] }, { name: 'node-2' }, { name: 'node-3' }],
    dns: {
      service: 'kube-system/kube-dns',
      podSelector: 'k8s-app=kube-dns',
      addresses: ['198.19.128.10'],
      upstreamServiceAddresses: [String],
      nodeLocalAddresses: ['169.254.20.10'],
      nodeLocalLearnedFrom: 'resolv.conf',
      endpoints: [{ address: '198.19.65.2', createdAt: Number }, { address: '198.19.66.2' }],
      endpointsChangedAt: 17,
      clusterDomain: 'cluster.local',
      zones: ['cluster.local'],
      upstreams: ['198.19.0.53'],
    },
    apiServer: { address: '198.19.128.1', port: 443 },
    canary: { name: 'oddnode-agents.oddnode.svc.cluster.local', changedAt: 18 },
    hidden: ['Something.'],
  })
  t.equal(cluster.canary?.addresses.length, 3)
  t.strictSame(
    cluster.troubles.map(({ pod }) => pod),
    ['broken', 'crashing', 'homeless'],
  )
  t.equal(cluster.checks.length, 12)
})

t.test('names with large answers', async (t) => {
  t.equal(picture().largeNames, undefined)
  const addresses = Array.from({ length: 72 }, (_, i) => `192.0.2.${i}`)
  t.match(picture({ largeSlices: [{ service: 'large', addresses }] }).largeNames, [
    { name: 'large.oddnode.svc.cluster.local' },
  ])
})

t.test('what could not be read is null, never empty', async (t) => {
  const cluster = picture(
    {
      services: null,
      slices: null,
      canarySlices: null,
      systemPods: null,
      corefile: null,
      apiService: null,
      missingRights: null,
    },
    [],
  )
  t.match(cluster.dns, {
    service: null,
    addresses: [],
    endpoints: null,
    endpointsChangedAt: null,
    zones: null,
    clusterDomain: null,
    upstreams: [],
  })
  t.match(cluster, { apiServer: null, canary: null })
  t.ok(cluster.checks.every(({ passed }) => passed === null))
  t.ok('cluster' in readCluster(JSON.stringify(cluster)))
})

t.test('the cluster domain: as it is set, else the Corefile’s, else that of pods', async (t) => {
  t.equal(picture({}, agents, { clusterDomain: 'set.local' }).dns.clusterDomain, 'set.local')
  t.equal(picture({ corefile: null }).dns.clusterDomain, 'cluster.local')
  t.equal(picture({ corefile: null }).dns.zones, null)
})

t.test('no canary without a namespace, or without a Service', async (t) => {
  t.equal(picture({}, agents, { namespace: null }).canary, null)
  t.equal(picture({ canarySlices: [] }).canary, null)
})

t.test('the Service that pods ask', async (t) => {
  const seen = seenByAgents([podAgent('node-1', '10.9.9.9')])
  const own = {
    namespace: 'dns',
    name: 'own',
    addresses: ['10.9.9.9'],
    port: 53,
    selector: null,
    prefersNearEndpoints: false,
  }
  t.equal(serviceOf({ services: [...(parts.services ?? []), own] }, seen), own)
  t.equal(serviceOf({ services: null }, seen), null)
})

t.test('what the operator set is no riddle to the checks', async (t) => {
  const targets = { ...noneSet, nodeLocal: ['169.254.25.10'], clusterDns: ['10.9.9.9'], upstream: ['192.0.2.1'] }
  const { checks } = picture({ services: [] }, agents, { targets })
  t.match(
    checks.filter(({ id }) => ['node-local-dns', 'upstream-resolvers', 'dns-service-exists'].includes(id)),
    [
      { passed: true, detail: '169.254.25.10, set by targets.nodeLocal; found as well, and not asked: 169.254.20.10.' },
      { passed: true, detail: '192.0.2.1, set by targets.upstream; found as well, and not asked: 198.19.0.53.' },
      { passed: null, detail: /set by targets.clusterDns/ },
    ],
  )
})

t.test('a pod that was evicted, and replaced, is past', async (t) => {
  const [running] = (parts.systemPods ?? []).filter(({ component }) => component === 'coredns')
  const status = { phase: 'Failed', reason: 'Evicted' }
  const metadata = { name: 'evicted', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }
  const evicted = keepPod({ metadata, status })
  if (running === undefined || evicted === null) throw new Error('no CoreDNS pod was recorded')
  const of = (...systemPods: (typeof running)[]) => {
    const { checks, troubles } = picture({ systemPods, agentPods: [] })
    return { check: checks.find(({ id }) => id === 'dns-pods-running'), troubles }
  }
  t.match(of(running, evicted), { check: { passed: true, detail: '1 of 1 pods are ready.' }, troubles: [] })
  t.match(of(evicted), {
    check: { passed: false, detail: '0 of 1 pods are ready: evicted (Failed: Evicted).' },
    troubles: [{ pod: 'evicted', reason: 'Failed: Evicted' }],
  })
})
