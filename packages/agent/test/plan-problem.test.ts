import t from 'tap'
import { planProblem } from '../src/plan-problem.ts'
import { planOf, target } from './plans.ts'

t.test('a plan that was made by makePlan has none', async (t) => {
  t.equal(planProblem(planOf({ ntp: [{ address: '2001:db8::123', port: 123 }] })), null)
})

t.test('an empty address is no target, nor is a name: it would need the DNS that is on trial', async (t) => {
  t.equal(planProblem(planOf({ targets: [target('coredns')] })), '"coredns" is no address')
  t.equal(planProblem(planOf({ targets: [target('')] })), '"" is no address', 'an empty address is refused as a target')
  t.equal(planProblem(planOf({ ntp: [{ address: 'pool.ntp.org', port: 123 }] })), '"pool.ntp.org" is no address')
})

t.test('a name that DNS cannot carry', async (t) => {
  const { names } = planOf()
  t.equal(planProblem({ ...planOf(), names: { ...names, external: 'a..b' } }), '"a..b" is no name that DNS can carry')
  const large = planOf({ large: [{ name: `${'x'.repeat(64)}.cluster.local`, octets: 512 }] })
  t.match(planProblem(large), /^"x{64}\.cluster\.local" is no name that DNS can carry$/)
  t.equal(planProblem(planOf({ large: [{ name: 'large.cluster.local', octets: 512 }] })), null)
})

t.test('a probe of a target that is not there', async (t) => {
  const plan = planOf()
  t.equal(
    planProblem({ ...plan, targets: plan.targets.slice(0, 2) })?.replace(/\d+/, 'N'),
    'probe N asks target 2 of 2',
  )
})

t.test('a socket that is closed before its answer is late', async (t) => {
  t.equal(
    planProblem({ ...planOf(), deadlineSeconds: 2, closeSeconds: 1 }),
    'a socket is closed after 1 s, an answer is late after 2 s',
  )
})
