import t from 'tap'
import { samplingCheck, spareQueriesPerSecond } from '../../src/plans/sampling-text.ts'

const all = { everyRounds: 1, buckets: 64, clusterIpRounds: 1, nodeLocalRounds: 1, watchRounds: 1 }
const of = (sampling: Partial<typeof all>, changed = {}) =>
  samplingCheck({
    sampling: { ...all, ...sampling },
    endpoints: 2,
    nodes: 100,
    load: 12.34,
    leftOut: 0,
    queriesPerSecondPerEndpoint: 50,
    ...changed,
  })

const tail =
  ': about 12 queries a second to each at most, of 50 allowed (budget.queriesPerSecondPerEndpoint); asking again what fails may add 88 for half a minute.'

t.test('nothing is sampled', async (t) => {
  t.strictSame(of({}), {
    id: 'sampling',
    passed: true,
    detail: `Every node asks each of 2 CoreDNS pods in every round${tail}`,
  })
  t.match(
    of({}, { endpoints: 1, load: 1 }).detail,
    /^Every node asks the CoreDNS pod in every round: about 1\.0 queries/,
  )
})

t.test('what is sampled is said', async (t) => {
  t.equal(
    of({ everyRounds: 8, clusterIpRounds: 2, nodeLocalRounds: 4 }).detail,
    `3 nodes ask each of 2 CoreDNS pods in every round, every node asks all of them in every 8th round; ClusterIPs are asked in every 2nd round; node-local DNS is asked in every 4th round${tail}`,
  )
  t.match(of({ everyRounds: 8, buckets: 16 }).detail, /every node asks one in 4 of them by turns in every 8th round/)
  t.match(of({ buckets: 0, watchRounds: 1 }).detail, /^Only 3 nodes ask each of 2 CoreDNS pods in every round/)
  t.match(of({ clusterIpRounds: 512 }).detail, /every 512th round/)
  t.match(of({ clusterIpRounds: 1024 }).detail, /every 1024th round/)
})

t.test('a budget that cannot be held', async (t) => {
  t.equal(of({}, { load: 51 }).passed, false)
})

t.test('targets that no plan has room for', async (t) => {
  t.match(of({}, { leftOut: 40 }), {
    passed: false,
    detail: /; 40 targets are asked by nobody, since a plan holds 1024 probes at most\.$/,
  })
})

t.test('what is left to ask again by', async (t) => {
  const spare = (load: number, queriesPerSecondPerEndpoint: number) =>
    spareQueriesPerSecond({ sampling: all, endpoints: 2, nodes: 3, leftOut: 0, load, queriesPerSecondPerEndpoint })
  t.equal(spare(20, 50), 80)
  t.equal(spare(101, 50), 0, 'never less than nothing')
})
