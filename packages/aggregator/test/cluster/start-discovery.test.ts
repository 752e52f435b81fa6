import { join } from 'node:path'
import type { Cluster } from '@oddnode/protocol'
import { fastify } from 'fastify'
import t from 'tap'
import { noDiscovery } from '../../src/cluster/discovery.ts'
import { type DiscoveryOptions, modeOf, startDiscovery } from '../../src/cluster/start-discovery.ts'
import { loadConfig } from '../../src/config.ts'
import type { AggregatorConfig } from '../../src/config-schema.ts'
import { until } from '../kubernetes/api-server.ts'
import { connect } from '../kubernetes/connect.ts'
import { clusterOf } from './cluster-of.ts'
import { startRecordedCluster } from './recorded-cluster.ts'

function configOf(...flags: string[]): AggregatorConfig {
  const loaded = loadConfig({ arguments: flags, environment: { KUBERNETES_SERVICE_HOST: '10.96.0.1' } })
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'))
  return loaded.value
}

const options = (config: AggregatorConfig, changed: Partial<DiscoveryOptions> = {}): DiscoveryOptions => ({
  config,
  api: null,
  namespace: 'oddnode',
  agents: () => [],
  now: () => performance.now() / 1000,
  log: fastify().log,
  onCluster: () => undefined,
  ...changed,
})

t.test('what auto comes to', async (t) => {
  const server = await startRecordedCluster(t)
  const api = connect(t, server.address)
  const inPod = [`--kubernetes.tokenFile=${api.tokenFile}`]
  t.equal(modeOf(configOf(...inPod), api), 'kubernetes')
  t.equal(modeOf(configOf(...inPod, '--clusterFile=c.json'), api), 'file', 'what somebody set goes first')
  t.equal(modeOf(configOf('--kubernetes.tokenFile=/nowhere'), api), 'none', 'no service account')
  t.equal(modeOf(configOf(...inPod), null), 'none')
  for (const mode of ['kubernetes', 'none'] as const)
    t.equal(modeOf(configOf(`--discovery.mode=${mode}`, '--clusterFile=c.json'), null), mode)
})

t.test('by the API', async (t) => {
  const server = await startRecordedCluster(t)
  const clusters: Cluster[] = []
  const discovery = startDiscovery(
    options(
      configOf('--discovery.mode=kubernetes', '--names.clusterDomain=set.local', '--targets.upstream=192.0.2.1'),
      {
        api: connect(t, server.address),
        onCluster: (cluster) => clusters.push(cluster),
      },
    ),
  )
  t.teardown(() => discovery.close())
  await until('a picture', () => {
    discovery.look()
    return clusters.length > 0
  })
  t.match(clusters[0], { source: 'kubernetes', dns: { clusterDomain: 'set.local' } })
  t.match(
    clusters[0]?.checks.find(({ id }) => id === 'upstream-resolvers'),
    { passed: true, detail: '192.0.2.1, set by targets.upstream.' },
  )
})

t.test('the rights that the settings need are asked for', async (t) => {
  const asked: string[] = []
  const server = await startRecordedCluster(t)
  server.answer = ({ body }) => {
    if (!isReview(body)) return null
    asked.push(body.spec.resourceAttributes.resource)
    return { status: 201, body: { status: { allowed: true } } }
  }
  const config = configOf('--discovery.mode=kubernetes', '--events.enabled', '--auth.mode=kubernetes')
  const discovery = startDiscovery(options(config, { api: connect(t, server.address) }))
  t.teardown(() => discovery.close())
  discovery.look()
  await until('they are asked for', () => asked.length === 2)
  t.strictSame(asked, ['events', 'tokenreviews'])
})

type Review = { spec: { resourceAttributes: { resource: string } } }
const isReview = (body: unknown): body is Review =>
  typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'SelfSubjectAccessReview'

t.test('by a file', async (t) => {
  const file = join(t.testdir({ 'cluster.json': JSON.stringify(clusterOf()) }), 'cluster.json')
  const clusters: Cluster[] = []
  const discovery = startDiscovery(
    options(configOf(`--clusterFile=${file}`), { onCluster: (cluster) => clusters.push(cluster) }),
  )
  discovery.look()
  t.match(clusters, [{ source: 'file' }])
})

t.test('nowhere', async (t) => {
  t.equal(startDiscovery(options(configOf('--discovery.mode=none'))), noDiscovery)
  t.equal(startDiscovery(options(configOf('--discovery.mode=kubernetes'))), noDiscovery, 'nor where no API is known')
})
