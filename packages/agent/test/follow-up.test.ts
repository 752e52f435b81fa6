import { type Observation, observationOf, type Plan } from '@oddnode/protocol'
import t from 'tap'
import { createFollowUp, type Taken } from '../src/follow-up.ts'
import { planOf, target } from './plans.ts'
import { seeded, virtualTime } from './virtual-time.ts'

const plan = planOf({ targets: [target('10.244.1.2')] })
const indexOf = (is: (probe: Plan['probes'][number]) => boolean) => plan.probes.findIndex(is)
const kubernetes = indexOf(({ question, transport }) => question === 'kubernetes' && transport === 'udp')
const version = indexOf(({ question, transport }) => question === 'version' && transport === 'udp')
const versionTwin = indexOf(({ question, transport }) => question === 'version' && transport === 'tcp')

const well = observationOf('answered', { rcode: 0, seconds: 0.001 })
const refused = observationOf('refused')
const truncated = observationOf('truncated', { rcode: 0, seconds: 0.001 })
const servfail = observationOf('answered', { rcode: 2, seconds: 1.5 })

function setUp(answer: (probe: number) => Observation = () => well) {
  const time = virtualTime()
  const asked: { probe: number; at: number }[] = []
  const urgent: { samples: Taken[]; at: number }[] = []
  let heldBack = false
  const followUp = createFollowUp(plan, {
    ask: async (probe) => {
      asked.push({ probe, at: time.now() })
      return { probe, sentAt: time.now(), observation: answer(probe) }
    },
    isInFlight: () => false,
    isHeldBack: () => heldBack,
    onUrgent: (samples) => urgent.push({ samples, at: time.now() }),
    time,
    random: seeded(1),
  })
  const follow = (probe: number, observation: Observation) =>
    followUp.follow({ probe, sentAt: time.now(), observation })
  const holdBack = () => {
    heldBack = true
  }
  return { time, asked, urgent, followUp, follow, holdBack }
}

t.test('a good sample sets nothing going', async (t) => {
  const { time, asked, urgent, follow } = setUp()
  t.notOk(follow(kubernetes, well))
  await time.advance(60)
  t.strictSame([asked, urgent], [[], []])
})

t.test('trap 20: TC is not success: asked again over TCP, as an observation of its own', async (t) => {
  const { time, asked, urgent, follow } = setUp()
  follow(version, truncated)
  await time.advance(1)
  t.equal(asked.filter(({ probe }) => probe === versionTwin).length, 1)
  const handed = urgent.flatMap(({ samples }) => samples)
  t.match(
    handed.filter(({ probe }) => probe === version || probe === versionTwin),
    [
      { probe: version, observation: truncated },
      { probe: versionTwin, observation: well },
    ],
  )
})

t.test(
  'trap 8: a suspect is asked again more than five seconds after its answer, so that one SERVFAIL is one bad sample',
  async (t) => {
    const { time, asked, follow } = setUp()
    follow(kubernetes, well)
    const sentAt = time.now()
    follow(kubernetes, servfail)
    await time.advance(20)
    const again = asked.filter(({ probe }) => probe === kubernetes)
    t.equal(again.length, 1, 'the good answer ended it')
    const wait = (again[0]?.at ?? 0) - sentAt
    t.ok(wait > 1.5 + 5 && wait < 1.5 + 5.6)
  },
)

t.test('suspicious samples that come together are handed over together', async (t) => {
  const { time, urgent, follow } = setUp()
  const at = time.now()
  t.ok(follow(kubernetes, refused))
  t.ok(follow(version, refused))
  await time.advance(0.3)
  t.match(urgent[0]?.samples, [{ probe: kubernetes }, { probe: version }])
  t.ok((urgent[0]?.at ?? 0) - at <= 0.25)
})

t.test('asked at once, but one after the other, and none that is under suspicion already', async (t) => {
  const { time, asked, follow, followUp } = setUp()
  follow(kubernetes, refused)
  t.notOk(followUp.isFree(kubernetes))
  await time.advance(2)
  const before = asked.length
  followUp.askNow([kubernetes, version, versionTwin])
  await time.advance(1)
  t.strictSame(
    asked.slice(before).map(({ probe }) => probe),
    [version, versionTwin],
  )
  t.ok((asked.at(-1)?.at ?? 0) > (asked.at(-2)?.at ?? 0))
})

t.test('what was not handed over can be taken', async (t) => {
  const { time, urgent, follow, followUp } = setUp()
  follow(kubernetes, refused)
  t.equal(followUp.take().length, 1)
  t.equal(followUp.take().length, 0)
  t.notOk(
    followUp.follow({ probe: 999, sentAt: time.now(), observation: refused }),
    'a probe that the plan does not have',
  )
  t.strictSame(urgent, [])
})

t.test('held back, it tells what it sees, and leaves what failed to the rounds', async (t) => {
  const { time, asked, urgent, followUp, follow, holdBack } = setUp(() => refused)
  t.ok(follow(kubernetes, refused), 'it is news all the same')
  await time.advance(0.5)
  holdBack()
  await time.advance(30)
  t.strictSame(asked, [], 'nothing is asked out of turn')
  t.equal(urgent.flatMap(({ samples }) => samples).length, 1)
  t.ok(followUp.isFree(kubernetes), 'its round may ask it')
  follow(version, truncated)
  await time.advance(1)
  t.strictSame(
    asked.map(({ probe }) => probe),
    [versionTwin],
    'the rest of an answer is no suspicion',
  )
})

t.test('what is asked because of a sample waits for the answer to its push', async (t) => {
  const { time, asked, follow } = setUp()
  const at = time.now()
  follow(kubernetes, refused)
  await time.advance(4)
  const first = Math.min(...asked.map((one) => one.at)) - at
  t.ok(asked.length > 0 && first >= 1 && first < 1.2, `after ${first.toFixed(2)} s`)
})
