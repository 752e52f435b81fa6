import t from 'tap'
import { Value } from 'typebox/value'
import type { Role } from '../src/closed-sets.ts'
import { makePlan, type PlanInput } from '../src/make-plan.ts'
import { Plan, type PlannedProbe } from '../src/schema/plan.ts'
import { planInput, target } from './plan-input.ts'

/** What a role is asked on its own, as `transport question period`. */
function asked(role: Role, changed: Partial<PlanInput> = {}): string[] {
  const plan = makePlan(planInput({ targets: [target(role, '192.0.2.1')], ...changed }))
  return plan.probes
    .filter(({ onlyAfterTruncation }) => !onlyAfterTruncation)
    .map(
      ({ transport, question, everySeconds, sourcePort }) =>
        `${transport} ${question} ${everySeconds}${sourcePort === 'fixed' ? ' fixed' : ''}`,
    )
}

t.test('asks each role its own questions, often or seldom', async (t) => {
  const base = [
    'udp kubernetes 0',
    'udp version 0',
    'udp missing 0',
    'udp external 0',
    'tcp kubernetes 0',
    'udp identity 300',
  ]
  t.strictSame(asked('node-local'), base)
  t.strictSame(asked('cluster-dns', { vantage: 'host' }), base)
  t.strictSame(asked('cluster-dns'), [...base, 'udp pair 0', 'udp kubernetes 0 fixed'])
  t.strictSame(asked('cluster-dns-upstream'), ['udp kubernetes 0', 'udp version 0', 'tcp kubernetes 0'])
  t.strictSame(asked('endpoint'), [
    'udp kubernetes 0',
    'udp version 0',
    'tcp kubernetes 0',
    'udp external 60',
    'udp canary 60',
    'udp soa 60',
  ])
  t.strictSame(asked('upstream'), ['udp external 60'])
  t.strictSame(asked('upstream', { vantage: 'host' }), ['udp external 0', 'tcp external 300'])
})

t.test('resolv-conf is asked for the cluster’s names only where it serves them', async (t) => {
  const { names } = planInput()
  t.strictSame(asked('resolv-conf'), [
    'udp kubernetes 0',
    'udp version 0',
    'udp missing 0',
    'tcp kubernetes 0',
    'udp external 0',
  ])
  t.strictSame(asked('resolv-conf', { names: { ...names, clusterDomain: null, external: null } }), [
    'udp invalid 0',
    'tcp invalid 0',
  ])
})

t.test('a question whose name is unknown is not planned', async (t) => {
  const names = { clusterDomain: null, namespace: null, external: null, canary: null }
  const plan = makePlan(planInput({ names }))
  t.strictSame([...new Set(plan.probes.map(({ question }) => question))].sort(), ['identity', 'invalid'])
})

t.test('every UDP probe has its TCP twin, but the pair and the fixed port', async (t) => {
  const { probes } = makePlan(planInput())
  const isTwinOf = (udp: PlannedProbe) => (probe: PlannedProbe) =>
    probe.transport === 'tcp' && probe.target === udp.target && probe.question === udp.question
  for (const udp of probes.filter(
    ({ transport, question, sourcePort }) => transport === 'udp' && question !== 'pair' && sourcePort === 'fresh',
  )) {
    t.equal(probes.filter(isTwinOf(udp)).length, 1, `${udp.question} of target ${udp.target}`)
  }
  t.notOk(probes.some(({ transport, question }) => transport === 'tcp' && question === 'pair'))
})

t.test('a plan of the schema, with NTP seldom from pods', async (t) => {
  const pod = makePlan(planInput())
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
