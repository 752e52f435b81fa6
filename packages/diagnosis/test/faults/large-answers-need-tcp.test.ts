import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { good } from '../world.ts'
import { faultWorld, named, type Sees, worldOf } from './fault-world.ts'
import { isLarge, largeNames, largePlan } from './large-plan.ts'

const web = { name: 'web.shop.svc.cluster.local', octets: 1232 }
const plan = largePlan({ large: [...largeNames, web] })
const isPlain = (probe: Parameters<Sees>[1]) =>
  isLarge(probe, 1232) && probe.edns === undefined && probe.transport === 'udp'

t.test('a name of the cluster that has an answer above 512 octets', async (t) => {
  const [finding, ...others] = named(worldOf(() => null, { plan }))
  t.same(others, [])
  t.match(finding, {
    fault: 'large-answers-need-tcp',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'cluster' },
    story:
      '1 name has answers above 512 octets: resolvers that never turn to TCP (musl before 1.2.4, Alpine 3.17 and older) cannot resolve it.',
  })
  const two = largePlan({ large: [web, { ...web, name: 'api.shop.svc.cluster.local' }] })
  t.match(named(worldOf(() => null, { plan: two })), [{ story: /^2 names have .* cannot resolve them\.$/ }])
})

t.test('names that oddnode made itself are no advice to anybody', async (t) => {
  t.same(named(worldOf(() => null, { plan: largePlan() })), [])
})

t.test('not where it is whole without TCP on some node', async (t) => {
  const whole: Sees = (node, probe) => (node === 'node-2' && isPlain(probe) ? good(['192.0.2.1']) : null)
  t.same(named(worldOf(whole, { plan })), [])
})

t.test('not where TCP fails: that is a fault', async (t) => {
  const noTcp: Sees = (_, { transport, role }) => (transport === 'tcp' && role !== 'api-server' ? 'timeout' : null)
  t.notOk(named(worldOf(noTcp, { plan })).some(({ fault }) => fault === 'large-answers-need-tcp'))
})

t.test('a cut that does not say so is a fault', async (t) => {
  const uncut = observationOf('answered', { rcode: 0, seconds: 0.0005, size: 500, answers: ['192.0.2.1'] })
  const found = named(worldOf((_, probe) => (isPlain(probe) ? uncut : null), { plan }))
  t.match(found, [{ fault: 'truncation-missing' }])
})

t.test('it ends with the name', async (t) => {
  const world = faultWorld({ plan })
  t.equal(world.run(3, () => null).length, 1)
  t.same(
    world.run(3, (_, probe) => (isPlain(probe) ? good(['192.0.2.1']) : null)),
    [],
  )
})
