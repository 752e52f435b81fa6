import type { Target } from '@oddnode/protocol'
import t from 'tap'
import { suspicionLoadOf } from '../../src/plans/suspicion-load.ts'
import { clusterPlan } from '../pushing.ts'

const target = (role: Target['role'], address: string): Target => ({
  role,
  address,
  port: 53,
  learnedFrom: 'kubernetes',
})

t.test('all that comes to CoreDNS, once in each period of suspicion', async (t) => {
  const plan = clusterPlan('host', { targets: [target('endpoint', '10.244.1.7')] })
  const asked = plan.probes.filter(({ onlyAfterTruncation }) => !onlyAfterTruncation).length
  const { direct, through } = suspicionLoadOf(plan)
  t.equal(through, 0)
  t.ok(Math.abs((direct.get('10.244.1.7') ?? 0) - asked / 5.25) < 1e-9)
})

t.test(
  'ClusterIPs and node-local DNS lead to all CoreDNS pods together; what is asked elsewhere is no load',
  async (t) => {
    const both = suspicionLoadOf(clusterPlan('pod'))
    t.ok(both.through > 0 && both.direct.size === 1)
    const elsewhere = suspicionLoadOf(clusterPlan('host', { targets: [target('upstream', '192.0.2.53')] }))
    t.strictSame([elsewhere.through, elsewhere.direct.size], [0, 0])
  },
)

t.test('an agent has no more under suspicion than it may', async (t) => {
  const targets = Array.from({ length: 40 }, (_, i) => target('endpoint', `10.244.${i}.2`))
  const { direct } = suspicionLoadOf(clusterPlan('host', { targets }))
  const sum = [...direct.values()].reduce((total, rate) => total + rate, 0)
  t.ok(Math.abs(sum - 64 / 5.25) < 1e-9)
})

t.test('of some targets only', async (t) => {
  const plan = clusterPlan('pod')
  const [cache, endpoint] = [0, 2].map((index) => suspicionLoadOf(plan, new Set([index])))
  t.ok((cache?.through ?? 0) > 0 && (cache?.through ?? 0) < suspicionLoadOf(plan).through)
  t.equal(cache?.direct.size, 0)
  t.equal(endpoint?.through, 0)
  t.equal(endpoint?.direct.size, 1)
})
