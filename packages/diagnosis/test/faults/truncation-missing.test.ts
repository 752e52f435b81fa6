import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'
import { isLarge, largePlan } from './large-plan.ts'

const plan = largePlan()
const cut = observationOf('answered', { rcode: 0, seconds: 0.0005, size: 500, answers: ['192.0.2.1'] })
const isPlain = (probe: ProbeOf) => isLarge(probe, 1232) && probe.edns === undefined && probe.transport === 'udp'
const at =
  (address: string, wrong: ReturnType<Sees>): Sees =>
  (_, probe) =>
    isPlain(probe) && probe.address === address ? wrong : null

t.test('one CoreDNS pod cuts without TC, fails, or is silent', async (t) => {
  const [finding, ...others] = named(worldOf(at('10.244.3.2', cut), { plan }))
  t.same(others, [])
  t.match(finding, {
    fault: 'truncation-missing',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'endpoint', subject: { role: 'endpoint', address: '10.244.3.2' } },
    story: 'CoreDNS endpoint 10.244.3.2 cuts answers above 512 octets without saying so, or fails on them.',
    confirm: [/^on node-1: dig .*\+noedns @10\.244\.3\.2 .*; dig .*\+tcp .*@10\.244\.3\.2/],
  })
  for (const wrong of ['SERVFAIL', 'timeout'] as const) {
    t.match(named(worldOf(at('10.244.3.2', wrong), { plan })), [{ fault: 'truncation-missing' }])
  }
})

t.test('all of them are one finding about the cluster', async (t) => {
  t.match(named(worldOf((_, probe) => (isPlain(probe) ? cut : null), { plan })), [
    {
      scope: { kind: 'cluster' },
      story: /^Node-local DNS 169\.254\.20\.10, .* and .* cut answers above .* or fail on them\.$/,
    },
  ])
})

t.test('not where TCP is not whole, or small answers fail', async (t) => {
  const isHere = ({ address }: ProbeOf) => address === '10.244.3.2'
  const noTcp: Sees = (_, probe) =>
    isHere(probe) && (isPlain(probe) || (probe.transport === 'tcp' && isLarge(probe, 1232))) ? 'SERVFAIL' : null
  t.notOk(named(worldOf(noTcp, { plan })).some(isIt))
  const small: Sees = (_, probe) => (isHere(probe) && probe.transport === 'udp' ? 'timeout' : null)
  t.notOk(named(worldOf(small, { plan })).some(isIt))
})

t.test('not where one node of several sees it: that is no server', async (t) => {
  const one: Sees = (node, probe) =>
    node === 'node-2' && isPlain(probe) && probe.address === '10.244.3.2' ? cut : null
  t.notOk(named(worldOf(one, { plan })).some(isIt))
})

t.test('a narrow path is another fault', async (t) => {
  const path: Sees = (_, probe) =>
    probe.role === 'endpoint' && isLarge(probe, 1460) && (probe.size ?? 0) < 1480 ? 'timeout' : null
  t.match(named(worldOf(path, { plan })), [{ fault: 'path-mtu-blackhole' }])
})

t.test('it ends', async (t) => {
  const world = faultWorld({ plan })
  t.equal(world.run(8, at('10.244.3.2', cut)).length, 1)
  t.same(
    world.run(3, () => null),
    [],
  )
})

const isIt = ({ fault }: { fault: string }): boolean => fault === 'truncation-missing'
