import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import type { AgentFacts } from '../../src/cluster/agent-facts.ts'
import { discoverByKubernetes } from '../../src/cluster/kubernetes-discovery.ts'
import type { KubernetesNode } from '../../src/kubernetes/objects.ts'
import { type ApiServer, recorded } from '../kubernetes/api-server.ts'
import { connect } from '../kubernetes/connect.ts'
import { eventRight } from '../kubernetes/wanted-rights.ts'
import { hostAgent, podAgent } from './agents.ts'
import { paths, startRecordedCluster } from './recorded-cluster.ts'
import { noneSet } from './targets-set.ts'

type Test = Parameters<typeof connect>[0]

async function discovering(t: Test, prepare: (server: ApiServer) => void = () => undefined) {
  const server = await startRecordedCluster(t)
  prepare(server)
  const clusters: Cluster[] = []
  const agents: AgentFacts[] = []
  let now = 1_795_273_500
  const { look, close } = discoverByKubernetes({
    api: connect(t, server.address),
    settings: {
      vantages: ['host', 'pod'],
      namespace: 'oddnode',
      canary: 'oddnode-agents',
      clusterDomain: null,
      targets: noneSet,
    },
    rights: [eventRight],
    agents: () => agents,
    now: () => now,
    onCluster: (cluster) => clusters.push(cluster),
  })
  t.teardown(close)
  /**
   * Looks until the condition holds, each time so much later by the clock. @throws after 10 s of real time
   */
  const lookUntil = async (what: string, condition: () => boolean, stepSeconds = 0.01) => {
    for (const from = performance.now(); !condition(); await new Promise((done) => setTimeout(done, 10))) {
      if (performance.now() - from > 10_000)
        throw new Error(`not within 10 s: ${what}\n${JSON.stringify(clusters.at(-1))}`)
      now += stepSeconds
      look()
    }
  }
  return { server, clusters, agents, lookUntil, last: () => clusters.at(-1), now: () => now }
}

t.test('the first picture is a whole one', async (t) => {
  const { clusters, lookUntil } = await discovering(t)
  await lookUntil('a picture', () => clusters.length > 0)
  t.match(clusters[0], {
    nodes: [{ name: 'node-1' }, { name: 'node-2' }, { name: 'node-3' }],
    dns: {
      service: 'kube-system/kube-dns',
      endpoints: [{ address: '198.19.65.2' }, {}],
      endpointsChangedAt: Number,
      clusterDomain: 'cluster.local',
    },
    canary: { addresses: { length: 3 } },
    apiServer: { address: '198.19.128.1' },
    hidden: [],
  })
  t.strictSame(
    clusters[0]?.checks.filter(({ passed }) => passed === true).map(({ id }) => id),
    ['dns-pods-running', 'dns-service-exists', 'endpointslices-ready', 'corefile-readable', 'coredns-rbac'],
  )
})

t.test('a change is a new picture, and no change is none', async (t) => {
  const { server, clusters, lookUntil, last, now } = await discovering(t)
  await lookUntil('a picture', () => clusters.length > 0)
  const [node]: KubernetesNode[] = recorded('nodes').items
  server.change(paths.nodes, 'MODIFIED', { ...node, metadata: { ...node?.metadata, annotations: { heart: 'beat' } } })
  let looks = 0
  await lookUntil('some looks', () => looks++ > 30, 1)
  t.equal(clusters.length, 1)
  const cordoned: KubernetesNode = { ...node, spec: { unschedulable: true } }
  server.change(paths.nodes, 'MODIFIED', cordoned)
  await lookUntil('the node is cordoned', () => last()?.nodes[0]?.cordoned ?? false)

  server.lists.set(paths.slices, { items: [] })
  const before = now()
  server.send(paths.slices, { type: 'DELETED', object: recorded('slices').items[0] })
  await lookUntil('no endpoint is left', () => last()?.dns.endpoints?.length === 0)
  t.ok((last()?.dns.endpointsChangedAt ?? 0) >= before, 'and when that was')
})

t.test('what agents see belongs to it', async (t) => {
  const { agents, lookUntil, last } = await discovering(t)
  agents.push(podAgent('node-1', '169.254.20.10'), hostAgent('node-1', '198.19.0.53'))
  await lookUntil('upstreams and node-local DNS', () => last()?.dns.nodeLocalAddresses.length === 1, 1)
  t.match(last()?.dns, { nodeLocalAddresses: ['169.254.20.10'], upstreams: ['198.19.0.53'] })
})

t.test('a usual address that an agent had is not forgotten when its plan changes', async (t) => {
  const { agents, lookUntil, last } = await discovering(t)
  agents.push(podAgent('node-1', '198.19.128.10', { localAddresses: ['169.254.20.10'] }))
  await lookUntil('it is seen', () => last()?.dns.nodeLocalAddresses.length === 1, 1)
  agents.splice(0, 1, podAgent('node-1', '198.19.128.10', { localAddresses: [] }))
  let looks = 0
  await lookUntil('some looks', () => looks++ > 30, 1)
  t.strictSame(last()?.dns.nodeLocalAddresses, ['169.254.20.10'])
})

t.test('a Service that no label tells is found by the nameserver of pods', async (t) => {
  const { server, agents, lookUntil, last } = await discovering(t, (server) => {
    server.lists.set(paths.services, { items: [] })
    const own = {
      metadata: { name: 'own', namespace: 'dns' },
      spec: { clusterIPs: ['10.9.9.9'], ports: [{ port: 53 }] },
    }
    server.lists.set('/api/v1/services?spec.clusterIP=10.9.9.9', { items: [own] })
  })
  agents.push(podAgent('node-1', '10.9.9.9'))
  await lookUntil('it is found', () => last()?.dns.service === 'dns/own', 1)
  t.match(last()?.dns.addresses, ['10.9.9.9'])
  const slices = '/apis/discovery.k8s.io/v1/namespaces/dns/endpointslices'
  await lookUntil('its endpoints are asked for', () => server.asked.some(({ path }) => path === slices))
})

t.test('a right that a setting needs, and that nobody gave, is told', async (t) => {
  const { lookUntil, last } = await discovering(t, (server) => {
    server.answer = ({ path }) =>
      path.endsWith('/selfsubjectaccessreviews') ? { status: 201, body: { status: { allowed: false } } } : null
  })
  await lookUntil('it is told', () => (last()?.hidden.length ?? 0) > 0)
  t.match(last()?.hidden, [/create events in namespace default, which events.enabled needs; hidden: findings/])
})

t.test('what is forbidden hides only itself', async (t) => {
  const { clusters, lookUntil, last } = await discovering(t, (server) => {
    server.answer = ({ path }) =>
      ([paths.systemPods, paths.configMaps, paths.clusterRoles] as string[]).includes(path)
        ? { status: 403, body: { message: 'forbidden' } }
        : null
  })
  await lookUntil('a picture', () => clusters.length > 0)
  t.match(last(), {
    nodes: { length: 3 },
    dns: { service: 'kube-system/kube-dns', endpoints: { length: 2 }, zones: null },
  })
  t.equal(last()?.hidden.length, 1)
  t.match(
    last()?.checks.find(({ id }) => id === 'coredns-rbac'),
    { passed: null },
  )
})

t.test('while nodes cannot be read at the start there is no picture, and so no node vanishes', async (t) => {
  const { server, clusters, lookUntil } = await discovering(t, (server) => {
    server.answer = ({ path }) => (path === paths.nodes ? { status: 500 } : null)
  })
  let looks = 0
  const lists = () => server.asked.filter(({ path }) => path === paths.nodes).length
  await lookUntil('some tries', () => looks++ > 20 && lists() > 2, 1)
  t.strictSame(clusters, [])
  server.answer = () => null
  await lookUntil('a picture', () => clusters.length > 0)
  t.equal(clusters[0]?.nodes.length, 3)
})

t.test('trap 22: an API that goes away: the last picture stays, and says so', async (t) => {
  const { server, clusters, lookUntil, last } = await discovering(t)
  await lookUntil('a picture', () => clusters.length > 0)
  await server.goAway()
  await lookUntil('it is told', () => (last()?.hidden.length ?? 0) > 0)
  t.match(last(), { nodes: { length: 3 }, dns: { endpoints: { length: 2 } } })
  await server.comeBack()
  await lookUntil('it is over', () => last()?.hidden.length === 0)
})
