import t from 'tap'
import { type Outcome, outcomes, type Question } from '../src/closed-sets.ts'
import { hasAnswer, judge } from '../src/judge.ts'
import type { Observation } from '../src/observation.ts'
import { observationOf } from '../src/samples.ts'
import type { PlannedProbe } from '../src/schema/plan.ts'

const asked = (question: Question, changed: Partial<PlannedProbe> = {}) => ({
  transport: 'udp' as const,
  question,
  edns: { udpPayloadSize: 1232, nsid: false },
  ...changed,
})
const answered = (seen: Partial<Observation>) => observationOf('answered', seen)

t.test('an answer is judged by the RCODE that its question expects', async (t) => {
  const cases: [Question, number, string][] = [
    ['kubernetes', 0, 'good'],
    ['kubernetes', 2, 'bad'],
    ['kubernetes', 3, 'bad'],
    ['missing', 3, 'good'],
    ['missing', 0, 'bad'],
    ['invalid', 0, 'bad'],
    ['identity', 5, 'good'],
    ['wildcard', 3, 'good'],
    ['wildcard', 0, 'bad'],
    ['wildcard', 2, 'none'],
    ['wildcard', 5, 'none'],
  ]
  for (const [question, rcode, wanted] of cases) {
    t.equal(judge(asked(question), answered({ rcode })), wanted, `${question} ${rcode}`)
  }
})

t.test(
  'who refuses a name that does not exist is of no use as a nameserver, and may be a server of some zones',
  async (t) => {
    const refused = answered({ rcode: 5 })
    t.equal(judge(asked('invalid'), refused, 'resolv-conf'), 'bad')
    for (const role of ['upstream', 'cluster-dns', undefined] as const)
      t.equal(judge(asked('invalid'), refused, role), 'none')
    t.equal(judge(asked('wildcard'), refused, 'resolv-conf'), 'none')
    for (const outcome of ['answered', 'late'] as const)
      t.equal(
        judge(asked('invalid'), observationOf(outcome, { rcode: 2 }), 'resolv-conf'),
        'none',
        'as without Internet',
      )
  },
)

t.test('late is neither good nor bad, the agent’s own error says nothing, everything else is bad', async (t) => {
  const neither: Partial<Record<Outcome, string>> = { answered: 'good', late: 'late', 'local-error': 'none' }
  for (const outcome of outcomes) {
    t.equal(judge(asked('kubernetes'), observationOf(outcome, { rcode: 0 })), neither[outcome] ?? 'bad', outcome)
  }
})

t.test('trap: silence is the good one, whatever comes is somebody else’s', async (t) => {
  const silence: readonly Outcome[] = ['timeout', 'refused', 'unreachable', 'denied', 'closed']
  for (const outcome of outcomes) {
    const wanted = outcome === 'local-error' ? 'none' : silence.includes(outcome) ? 'good' : 'bad'
    t.equal(judge(asked('trap'), observationOf(outcome)), wanted, outcome)
  }
})

t.test('TC is not success, but where the answer need not fit it is expected', async (t) => {
  const truncated = observationOf('truncated', { rcode: 0 })
  const plain = { transport: 'udp', question: 'large' } as const
  t.equal(judge(asked('kubernetes'), truncated), 'bad')
  t.equal(judge({ transport: 'udp', question: 'kubernetes' }, truncated), 'bad', 'a small answer fits without EDNS too')
  t.equal(judge(asked('large', { size: 1232 }), truncated), 'bad')
  t.equal(judge({ ...plain, size: 1232 }, truncated), 'good', 'without OPT 512 octets are all')
  t.equal(judge({ ...plain, size: 512 }, truncated), 'bad')
  const roomy = { size: 1460, edns: { udpPayloadSize: 1460, nsid: false } }
  t.equal(judge(asked('large', roomy), truncated), 'good', 'a server may keep to 1232 octets')
  t.equal(judge(asked('large', { ...roomy, transport: 'tcp' }), truncated), 'bad', 'nothing is cut over TCP')
})

t.test('a large answer that lacks its records was cut without TC', async (t) => {
  const seen = (size: number) => answered({ rcode: 0, size })
  t.equal(judge(asked('large', { size: 1232 }), seen(1200)), 'good')
  t.equal(judge({ transport: 'udp', question: 'large', size: 1232 }, seen(500)), 'bad')
  t.equal(
    judge({ transport: 'udp', question: 'large', size: 1232 }, seen(1232)),
    'good',
    'whole, if too long for RFC 1035',
  )
  t.equal(judge(asked('large', { size: 1232 }), answered({ rcode: 2, size: 1200 })), 'bad')
})

t.test('case: the question must come back as it was', async (t) => {
  t.equal(judge(asked('case'), answered({ rcode: 0, echoed: true })), 'good')
  t.equal(judge(asked('case'), answered({ rcode: 0, echoed: null })), 'good', 'on the wire only what deviates is said')
  t.equal(judge(asked('case'), answered({ rcode: 0, echoed: false })), 'bad')
  t.equal(judge(asked('case'), observationOf('mismatch')), 'bad')
})

t.test('controls: a refusal shows that the way is open, a health page must say 200', async (t) => {
  const control = (question: Question) => ({ transport: 'tcp' as const, question })
  for (const question of ['connect', 'reach', 'health'] as const) {
    t.equal(judge(control(question), answered({ seconds: 0.001 })), 'good', question)
    t.equal(judge(control(question), observationOf('timeout')), 'bad', question)
    t.equal(judge(control(question), observationOf('late')), 'late', question)
  }
  t.equal(judge(control('connect'), observationOf('refused')), 'bad')
  t.equal(judge(control('reach'), observationOf('refused')), 'good')
  t.equal(judge(control('health'), answered({ error: 'HTTP status 503' })), 'bad')
})

t.test('what means that an answer arrived', async (t) => {
  t.same(outcomes.filter(hasAnswer), ['answered', 'late', 'truncated', 'partial'])
})
