import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import {
  askedEndpoints,
  bucketed,
  type DutySources,
  dutiesOf,
  endpointDuties,
  sampledOf,
} from '../../src/plans/duties.ts'
import { bucketOf } from '../../src/plans/sampling.ts'
import { clusterNode, clusterOf, dnsEndpoint } from '../cluster/cluster-of.ts'
import { clusterPlan } from '../pushing.ts'

const clusterWith = (nodes: number, endpoints: number, changed: Partial<Cluster['dns']> = {}): Cluster =>
  clusterOf(
    {
      nodes: Array.from({ length: nodes }, (_, i) =>
        clusterNode(`node-${i}`, { attributes: { zone: `zone-${i % 2}` } }),
      ),
    },
    {
      endpoints: Array.from({ length: endpoints }, (_, i) => dnsEndpoint(`10.244.${i}.2`, { zone: `zone-${i % 2}` })),
      ...changed,
    },
  )

const sources = (cluster: Cluster, queriesPerSecondPerEndpoint = 50): DutySources => ({
  cluster,
  plansOfNode: (endpoints) =>
    (['host', 'pod'] as const).map((vantage) =>
      clusterPlan(vantage, {
        targets: [
          { role: 'node-local', address: '169.254.20.10', port: 53, learnedFrom: 'kubernetes' },
          { role: 'cluster-dns', address: '10.96.0.10', port: 53, learnedFrom: 'kubernetes' },
          ...endpoints.map(({ endpoint: { address } }) => ({
            role: 'endpoint' as const,
            address,
            port: 53,
            learnedFrom: 'kubernetes' as const,
          })),
        ],
      }),
    ),
  leftOut: 0,
  queriesPerSecondPerEndpoint,
})

const everybody = () => true

t.test('a small cluster: everybody asks everything', async (t) => {
  const cluster = clusterWith(3, 2)
  const duties = dutiesOf(sources(cluster), everybody)
  t.match(duties.sampled, { nodes: 3, endpoints: 2, queriesPerSecondPerEndpoint: 50 })
  t.ok(duties.sampled.load > 0 && duties.sampled.load < 10)
  t.strictSame(
    endpointDuties(duties, 'node-1', bucketed(cluster), 0).map(({ everyRounds }) => everyRounds),
    [1, 1],
  )
  t.equal(duties.groupAskers.size, 1)
})

t.test('a large one: few watch, the others take turns', async (t) => {
  const cluster = clusterWith(500, 4)
  const duties = dutiesOf(sources(cluster), everybody)
  const endpoints = askedEndpoints(cluster)
  for (const endpoint of endpoints) {
    const watchers = cluster.nodes.filter(({ name }) =>
      endpointDuties(duties, name, bucketed(cluster), 0).some(
        (duty) => duty.endpoint === endpoint && duty.everyRounds === 1,
      ),
    )
    t.ok(watchers.length >= 3, `${endpoint.address} is asked by ${watchers.length} nodes in every round`)
    t.equal(new Set(watchers.map(({ attributes }) => attributes['zone'])).size, 2)
    t.ok(watchers.every(({ name }) => duties.watched.get(name)?.includes(bucketOf(endpoint.address))))
  }
  t.ok(duties.sampled.load <= 50)
})

t.test('trap 12: endpoints on their way out are not asked, those that are not ready are', async (t) => {
  const endpoints = [dnsEndpoint('10.0.0.1', { ready: false }), dnsEndpoint('10.0.0.2', { terminating: true })]
  t.strictSame(
    askedEndpoints(clusterWith(1, 0, { endpoints })).map(({ address }) => address),
    ['10.0.0.1'],
  )
  t.strictSame(askedEndpoints(clusterWith(1, 0, { endpoints: null })), [])
  t.equal(sampledOf(sources(clusterWith(1, 0, { endpoints: null }))).endpoints, 0)
})

t.test('where near endpoints are preferred, a zone of many nodes and few endpoints counts', async (t) => {
  const even = sampledOf(sources(clusterWith(10, 2))).load
  const near = sampledOf(sources(clusterWith(10, 2, { prefersNearEndpoints: true }))).load
  t.ok(Math.abs(even - near) < 1e-9, 'where the zones are alike, nothing is different')
  const lonely = {
    prefersNearEndpoints: true,
    endpoints: [dnsEndpoint('10.0.0.1', { zone: 'zone-0' }), dnsEndpoint('10.0.0.2', { zone: 'zone-9' })],
  }
  t.ok(sampledOf(sources(clusterWith(10, 2, lonely))).load > even)
})

t.test('nodes without agents ask nothing', async (t) => {
  const cluster = clusterWith(10, 2)
  cluster.nodes = cluster.nodes.map((node, i) => (i < 5 ? node : { ...node, expected: [] }))
  t.equal(sampledOf(sources(cluster)).nodes, 5)
})
