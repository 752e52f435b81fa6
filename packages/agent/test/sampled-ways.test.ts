import t from 'tap'
import { sampledSeconds, sampledWays } from '../src/sampled-ways.ts'
import { planOf, typicalTargets } from './plans.ts'

t.test('none where every way is asked in every round', async (t) => {
  t.strictSame(sampledWays(planOf()), [])
})

t.test('of the ways that are asked rarely, what tells whether they lead to cluster DNS', async (t) => {
  const rare = ['cluster-dns', 'endpoint', 'upstream']
  const targets = typicalTargets.map((one) => (rare.includes(one.role) ? { ...one, leastSeconds: 120 } : one))
  const plan = planOf({ targets })
  const asked = sampledWays(plan).map((probe) => {
    const { target, transport, question } = plan.probes[probe] ?? {}
    return `${plan.targets[target ?? -1]?.role} ${transport} ${question}`
  })
  t.strictSame(
    new Set(asked),
    new Set([
      ...['udp kubernetes', 'udp version', 'udp missing', 'tcp kubernetes'].map((what) => `cluster-dns ${what}`),
      ...['udp kubernetes', 'udp version', 'tcp kubernetes'].map((what) => `endpoint ${what}`),
    ]),
  )
  t.equal(asked.length, 4 + 4 * 3, 'each once')
})

t.test('how seldom each target is asked at most', async (t) => {
  t.strictSame([...new Set(sampledSeconds(planOf()))], [0], 'upstreams are rare of themselves')
  const targets = typicalTargets.map((one) => (one.role === 'endpoint' ? { ...one, leastSeconds: 120 } : one))
  t.strictSame(sampledSeconds(planOf({ targets })), [0, 0, 0, 120, 120, 120, 120, 0, 0])
  const names = { clusterDomain: null, namespace: null, external: null, canary: null }
  t.strictSame(
    sampledSeconds({ ...planOf({ names }), probes: [] }),
    typicalTargets.map(() => 0),
  )
})
