import t from 'tap'
import { sampledWays } from '../src/sampled-ways.ts'
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
