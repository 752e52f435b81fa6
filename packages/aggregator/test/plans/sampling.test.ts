import fc from 'fast-check'
import t from 'tap'
import {
  asksBucket,
  BUCKETS,
  bucketOf,
  cohortOf,
  isSampled,
  loadOf,
  type SampledNode,
  type SamplingInput,
  samplingOf,
  WATCHERS,
  watchersOf,
  windowOf,
} from '../../src/plans/sampling.ts'

const nodesOf = (count: number, zones = 3): SampledNode[] =>
  Array.from({ length: count }, (_, i) => ({ name: `node-${i}`, zone: `zone-${i % zones}` }))
const endpointsOf = (count: number) => Array.from({ length: count }, (_, i) => `10.244.${i >> 8}.${i & 255}`)

/** What a usual plan costs: see `rates.test.ts`. */
const rates = {
  direct: (rounds: number) => 6 / (15 * rounds) + 6 / Math.max(60, 15 * rounds) + 4 / Math.max(300, 15 * rounds),
  clusterIp: (rounds: number) => 19 / (15 * rounds) + 4 / Math.max(300, 15 * rounds),
  nodeLocal: (rounds: number) => 8 / (15 * rounds),
}

const inputOf = (nodes: number, endpoints: number, changed: Partial<SamplingInput> = {}): SamplingInput => ({
  nodes: nodesOf(nodes),
  endpoints: endpointsOf(endpoints),
  largestShare: 1 / endpoints,
  rates,
  room: 48,
  queriesPerSecondPerEndpoint: 50,
  ...changed,
})

/** What each endpoint gets, counted node by node as the plans have it. */
function loads(input: SamplingInput, at: number): number[] {
  const sampling = samplingOf(input)
  const watchers = new Map(
    Array.from({ length: BUCKETS }, (_, bucket) => [
      bucket,
      new Set(isSampled(sampling) ? watchersOf(input.nodes, bucket).map(({ name }) => name) : []),
    ]),
  )
  const through =
    input.nodes.length *
    input.largestShare *
    (rates.clusterIp(sampling.clusterIpRounds) + rates.nodeLocal(sampling.nodeLocalRounds))
  return input.endpoints.map((address) => {
    const bucket = bucketOf(address)
    return input.nodes.reduce((sum, { name }) => {
      if (watchers.get(bucket)?.has(name)) return sum + rates.direct(sampling.watchRounds)
      return asksBucket(sampling, cohortOf(name), bucket, at) ? sum + rates.direct(sampling.everyRounds) : sum
    }, through)
  })
}

t.test('no endpoint gets more than its budget, from 1 to 10,000 nodes', async () => {
  const cluster = fc.record({
    nodes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 10_000 })),
    endpoints: fc.integer({ min: 1, max: 12 }),
    budget: fc.double({ min: 1, max: 500, noNaN: true }),
    at: fc.integer({ min: 0, max: 1_000_000 }),
  })
  fc.assert(
    fc.property(cluster, ({ nodes, endpoints, budget, at }) => {
      const input = inputOf(nodes, endpoints, { queriesPerSecondPerEndpoint: budget })
      return Math.max(...loads(input, at)) <= budget && loadOf(samplingOf(input), input) <= budget
    }),
    { numRuns: 60 },
  )
})

t.test(
  'the smallest budget that can be configured, and one that needs node-local DNS to be asked rarely, hold too',
  async (t) => {
    for (const [nodes, endpoints, budget] of [
      [3531, 1, 5],
      [10_000, 1, 1],
    ] as const) {
      const input = inputOf(nodes, endpoints, { queriesPerSecondPerEndpoint: budget })
      const most = Math.max(...loads(input, 0))
      t.ok(most <= budget, `${nodes} nodes: ${most.toFixed(3)} of ${budget} a second`)
    }
  },
)

t.test('the default budget at 3, 100, 1,000 and 10,000 nodes', async (t) => {
  const small = samplingOf(inputOf(3, 2))
  t.notOk(isSampled(small), 'at 3 nodes nothing is sampled')
  t.match(small, { clusterIpRounds: 1, nodeLocalRounds: 1 })
  for (const [nodes, endpoints] of [
    [100, 2],
    [1000, 4],
    [1000, 63],
    [10_000, 4],
    [10_000, 625],
  ] as const) {
    const input = inputOf(nodes, endpoints)
    const sampling = samplingOf(input)
    const most = Math.max(...loads(input, 0))
    t.ok(most <= 50, `${nodes} nodes, ${endpoints} endpoints: ${most.toFixed(1)} a second, ${JSON.stringify(sampling)}`)
    t.equal(sampling.watchRounds, 1, 'and each endpoint is watched in every round')
  }
})

t.test('node-local DNS is asked in every round as long as single pods and ClusterIPs can be asked less', async (t) => {
  for (const [nodes, endpoints] of [
    [100, 2],
    [1000, 16],
    [10_000, 160],
  ] as const)
    t.equal(samplingOf(inputOf(nodes, endpoints)).nodeLocalRounds, 1, `${nodes} nodes, ${endpoints} endpoints`)
  t.ok(samplingOf(inputOf(1000, 8)).nodeLocalRounds > 1, 'its own share is more than the budget')
})

t.test('each pair of node and endpoint within 8 rounds, where the budget allows it', async (t) => {
  const sampling = samplingOf(inputOf(45, 2))
  t.match(sampling, { buckets: BUCKETS, clusterIpRounds: 1 })
  t.ok(sampling.everyRounds > 1 && sampling.everyRounds <= 8)
})

t.test('each endpoint is watched by three nodes of two zones', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(63),
      (count, zones, bucket) => {
        const nodes = nodesOf(count, zones)
        const watchers = watchersOf(nodes, bucket)
        const all = new Set(nodes.map(({ zone }) => zone)).size
        const seen = new Set(watchers.map(({ zone }) => zone)).size
        return watchers.length === Math.min(WATCHERS, count) && (count < WATCHERS || seen >= Math.min(2, all))
      },
    ),
  )
})

t.test('in time every node asks every endpoint, and no hour changes all plans at once', async (t) => {
  const sampling = { everyRounds: 8, buckets: 4, clusterIpRounds: 4, nodeLocalRounds: 1, watchRounds: 1 }
  const asked = new Set<number>()
  for (let hour = 0; hour < BUCKETS; hour++) {
    const now = Array.from({ length: BUCKETS }, (_, bucket) => bucket).filter((bucket) =>
      asksBucket(sampling, 17, bucket, hour * 3600),
    )
    t.equal(now.length, 4)
    for (const bucket of now) asked.add(bucket)
  }
  t.equal(asked.size, BUCKETS)
  const moved = Array.from({ length: BUCKETS }, (_, cohort) => cohort).filter(
    (cohort) => windowOf(cohort, 100_000) !== windowOf(cohort, 100_060),
  )
  t.ok(moved.length <= 2, `${moved.length} of 64 cohorts move within a minute`)
})

t.test('a plan holds no more endpoints than it has room for', async (t) => {
  const sampling = samplingOf(inputOf(5000, 625, { queriesPerSecondPerEndpoint: 1e9 }))
  const most = Math.max(
    ...Array.from(
      { length: BUCKETS },
      (_, cohort) => endpointsOf(625).filter((address) => asksBucket(sampling, cohort, bucketOf(address), 0)).length,
    ),
  )
  t.ok(most <= 48, `${most}`)
})

t.test('a budget below what watching costs', async (t) => {
  const input = inputOf(3, 1, { queriesPerSecondPerEndpoint: 0.1 })
  t.ok(samplingOf(input).watchRounds > 1)
  t.ok(Math.max(...loads(input, 0)) <= 0.1)
})
