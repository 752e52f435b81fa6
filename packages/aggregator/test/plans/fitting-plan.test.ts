import { makePlan, type PlanInput, type Role } from '@oddnode/protocol'
import { Plan } from '@oddnode/protocol/schema'
import fc from 'fast-check'
import t from 'tap'
import { Value } from 'typebox/value'
import { fits, fittingPlan } from '../../src/plans/fitting-plan.ts'
import { planInputOf } from '../../src/plans/plan-of.ts'
import { clusterOf } from '../cluster/cluster-of.ts'
import { configOf } from './config-of.ts'

const inputWith = (roles: readonly Role[]): PlanInput => ({
  ...planInputOf(
    {
      vantage: 'pod',
      nameserver: null,
      servesCluster: true,
      wildcardDomains: ['example.org'],
      upstreams: [],
      endpoints: [],
      clusterIpRounds: 1,
      nodeLocalRounds: 1,
      sparesConnections: false,
    },
    { cluster: clusterOf(), config: configOf(), namespace: 'oddnode' },
  ),
  targets: roles.map((role, i) => ({
    role,
    address: `10.0.${i >> 8}.${i & 255}`,
    port: 53,
    learnedFrom: 'kubernetes',
  })),
})

t.test('a plan that fits is as it is', async (t) => {
  const input = inputWith(['node-local', 'cluster-dns', 'endpoint', 'upstream'])
  t.strictSame(fittingPlan(input), makePlan(input))
})

t.test('of too many targets CoreDNS pods are left out first, the rest keep their order', async (t) => {
  const input = inputWith(['node-local', ...Array<Role>(200).fill('endpoint'), 'api-server', 'resolv-conf'])
  t.notOk(fits(makePlan(input)))
  const { targets } = fittingPlan(input)
  const roles = targets.map(({ role }) => role)
  t.match(roles.slice(0, 2), ['node-local', 'endpoint'])
  t.ok(roles.includes('api-server') && roles.includes('resolv-conf'))
  t.strictSame(
    targets.map(({ address }) => address).filter((address) => address !== '192.0.2.53'),
    input.targets.map(({ address }) => address).filter((address) => targets.some((one) => one.address === address)),
  )
})

t.test('whatever the targets are, an agent takes the plan', async () => {
  const role = fc.constantFrom<Role>('node-local', 'cluster-dns', 'endpoint', 'upstream', 'api-server')
  fc.assert(
    fc.property(fc.array(role, { maxLength: 300 }), (roles) => {
      const plan = fittingPlan(inputWith(roles))
      return Value.Check(Plan, plan)
    }),
    { numRuns: 30 },
  )
})
