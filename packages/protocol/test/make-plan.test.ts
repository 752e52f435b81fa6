import t from 'tap'
import { Value } from 'typebox/value'
import { isTwin, makePlan, type PlanInput } from '../src/make-plan.ts'
import { Plan, type PlannedProbe } from '../src/schema/plan.ts'
import { planInput, target } from './plan-input.ts'

const everything: Partial<PlanInput> = {
  large: [512, 1232, 1460].map((octets) => ({ name: `large-${octets}.oddnode.svc.cluster.local`, octets })),
  wildcardDomains: ['svc.cluster.local', 'example.net'],
  asksForGroup: true,
  endpointReachPort: 8181,
  nodeLocalHealthPort: 8080,
}

t.test('a question whose name is unknown is not planned', async (t) => {
  const names = { clusterDomain: null, namespace: null, external: null, canary: null }
  const plan = makePlan(planInput({ names }))
  t.strictSame([...new Set(plan.probes.map(({ question }) => question))].sort(), ['identity', 'invalid'])
})

t.test('every UDP probe has one TCP twin, but the pair, the trap and the fixed port', async (t) => {
  const { probes } = makePlan(planInput(everything))
  const twinsOf = (udp: PlannedProbe) => probes.filter((probe) => isTwin(udp, probe))
  const alone = ['pair', 'trap']
  for (const udp of probes.filter(({ transport }) => transport === 'udp')) {
    const wanted = alone.includes(udp.question) ? 0 : 1
    t.equal(twinsOf(udp).length, wanted, `${udp.question} ${udp.name ?? ''} of target ${udp.target}`)
  }
  t.notOk(probes.some(({ transport, sourcePort }) => transport === 'tcp' && sourcePort === 'fixed'))
})

t.test(
  'on a node whose connections are scarce no flow is kept, none is doubled, and no large answer is asked for',
  async (t) => {
    const rich = makePlan(planInput(everything))
    const { probes, targets } = makePlan(planInput({ ...everything, sparesConnections: true }))
    const dear = ({ question, sourcePort }: PlannedProbe) =>
      question === 'pair' || question === 'large' || sourcePort === 'fixed'
    t.ok(rich.probes.some(dear))
    t.strictSame(
      probes,
      rich.probes.filter((probe) => !dear(probe)),
    )
    t.strictSame(targets, rich.targets)
  },
)

t.test('a target that is sampled is asked nothing more often than that', async (t) => {
  const [endpoint] = [target('endpoint', '10.244.1.2')]
  const plan = makePlan(planInput({ targets: [{ ...endpoint, leastSeconds: 120 }, target('endpoint', '10.244.2.2')] }))
  const periods = (index: number) => plan.probes.filter((probe) => probe.target === index).map((p) => p.everySeconds)
  t.strictSame([...new Set(periods(0))].sort(), [120, 300])
  t.strictSame([...new Set(periods(1))].sort(), [0, 300, 60])
  t.strictSame(
    Object.keys(plan.targets[0] ?? {}),
    ['role', 'address', 'port', 'learnedFrom'],
    'the wire knows nothing of it',
  )
  t.ok(Value.Check(Plan, plan))
})

t.test(
  'who goes round more often asks what is rare more often, too; who goes seldom does not ask it more seldom',
  async (t) => {
    const targets = [target('endpoint', '10.244.1.2')]
    const periods = (intervalSeconds: number) => {
      const { probes, ntp } = makePlan(planInput({ targets, intervalSeconds, vantage: 'host' }))
      return [...new Set([...probes, ...ntp].map(({ everySeconds }) => everySeconds))].sort((a, b) => a - b)
    }
    t.strictSame(periods(15), [0, 60, 64, 300])
    t.strictSame(periods(1.5), [0, 6, 6.4, 30])
    t.strictSame(periods(60), [0, 60, 64, 300])
  },
)

t.test('the trap is the last target, where its name is known', async (t) => {
  const plan = makePlan(planInput(everything))
  t.match(plan.targets.at(-1), { role: 'upstream', address: '192.0.2.53' })
  t.match(
    plan.probes.filter(({ target }) => target === plan.targets.length - 1),
    [{ question: 'trap', transport: 'udp', everySeconds: 600 }],
  )
  t.notOk(makePlan(planInput()).probes.some(({ question }) => question === 'trap'))
})

t.test('a plan of the schema, with NTP seldom from pods', async (t) => {
  const pod = makePlan(planInput(everything))
  t.ok(Value.Check(Plan, pod))
  t.strictSame(pod.ntp, [{ address: '192.0.2.123', port: 123, everySeconds: 600 }])
  t.match(makePlan(planInput({ vantage: 'host' })).ntp, [{ everySeconds: 64 }])
  t.match(
    pod.probes.find(({ question }) => question === 'identity'),
    { edns: { udpPayloadSize: 1232, nsid: true } },
  )
})

t.test('the id is of the content: the same plan twice, another one for any change', async (t) => {
  const { id } = makePlan(planInput())
  t.equal(makePlan(planInput()).id, id)
  for (const changed of [{ intervalSeconds: 14 }, { aggregators: ['http://192.0.2.7:8530'] }, { targets: [] }]) {
    t.not(makePlan(planInput(changed)).id, id)
  }
})

t.test('a typical node asks some 55 queries a round', async (t) => {
  const targets = [
    target('node-local', '169.254.20.10'),
    target('cluster-dns', '10.96.0.10'),
    target('cluster-dns-upstream', '10.96.0.11'),
    ...[1, 2, 3, 4].map((pod) => target('endpoint', `10.244.${pod}.2`)),
    ...[1, 2].map((host) => target('upstream', `192.0.2.${host}`)),
  ]
  const each = (vantage: 'host' | 'pod') =>
    makePlan(planInput({ vantage, targets })).probes.filter(
      ({ everySeconds, onlyAfterTruncation }) => everySeconds === 0 && !onlyAfterTruncation,
    ).length
  t.ok(each('host') + each('pod') >= 45 && each('host') + each('pod') <= 60, `${each('host')} and ${each('pod')}`)
})
