import type { ClockSample, Facts } from '@oddnode/protocol'
import t from 'tap'
import {
  createClockMemory,
  isNtpSilence,
  isUnsynchronised,
  noteTimeKeeping,
  takeClocks,
  takeSteps,
} from '../src/clock-memory.ts'
import type { FleetAgent } from '../src/fleet.ts'
import { aggregatorClock, createWorld, good, ntpClock, planOf, present, rounds, start } from './world.ts'

const server = '192.0.2.1'

function agentOf(ntp: string[] = [server]): FleetAgent {
  const plan = {
    ...planOf([{ role: 'node-local', address: '169.254.20.10' }]),
    ntp: ntp.map((address) => ({ address, port: 123, everySeconds: 64 })),
  }
  const world = createWorld(['node-1'], plan, ['host'])
  rounds(world, 1, () => good())
  return present(world.fleet.agents.get('host/node-1'))
}
const silent: ClockSample = {
  reference: { kind: 'ntp', address: server },
  outcome: 'timeout',
  offsetSeconds: null,
  uncertaintySeconds: null,
  delaySeconds: null,
}
const keeping = (changes: Partial<NonNullable<Facts['timeKeeping']>>): Facts => ({
  timeKeeping: { daemon: 'chrony', synchronised: true, maxErrorSeconds: 0.01, clockSource: null, ...changes },
})

t.test('the newest reading of each reference, whatever the order of arrival', async (t) => {
  const agent = agentOf()
  takeClocks(agent, [ntpClock(2, server), aggregatorClock(0.3)], start + 60)
  takeClocks(agent, [ntpClock(1, server), aggregatorClock(0.1)], start + 30)
  t.match(agent.clocks, [
    { takenAt: start + 60, sample: { offsetSeconds: 0.3 } },
    { takenAt: start + 60, sample: { offsetSeconds: 2 }, tries: [{ takenAt: start + 30 }, { takenAt: start + 60 }] },
  ])
  t.match(agent.clockMemory, {
    aggregator: { sample: { offsetSeconds: 0.3 } },
    mostByNtpSeconds: 1.999,
    ntpApartSeconds: 0,
    hasNtpTrouble: false,
  })
})

t.test('three tries of a server are kept, of the aggregator none', async (t) => {
  const agent = agentOf()
  for (let i = 0; i < 5; i++) takeClocks(agent, [ntpClock(0, server), aggregatorClock(0)], start + i)
  t.notOk('tries' in present(agent.clocks[0]))
  t.same(
    agent.clocks[1]?.tries?.map(({ takenAt }) => takenAt - start),
    [2, 3, 4],
  )
})

t.test('what is worth a look: no time, and time again', async (t) => {
  const agent = agentOf()
  t.notOk(takeClocks(agent, [], start))
  t.notOk(takeClocks(agent, [ntpClock(0, server)], start))
  t.ok(takeClocks(agent, [silent], start + 64))
  t.ok(agent.clockMemory.hasNtpTrouble)
  t.ok(takeClocks(agent, [ntpClock(0, server)], start + 128))
  t.notOk(agent.clockMemory.hasNtpTrouble)
  t.notOk(takeClocks(agent, [ntpClock(0, server)], start + 192))
})

t.test('references of plans gone by make way', async (t) => {
  const agent = agentOf()
  for (let i = 0; i < 40; i++) takeClocks(agent, [ntpClock(0, `192.0.2.${i}`)], start + i)
  t.equal(agent.clocks.length, 32)
  t.notOk(agent.clocks.some(({ sample }) => sample.reference.address === '192.0.2.0'))
})

t.test('servers that are apart, and what a restart brings', async (t) => {
  const agent = agentOf()
  takeClocks(agent, [ntpClock(0, server), ntpClock(2, '192.0.2.2')], start)
  t.equal(agent.clockMemory.ntpApartSeconds, 2)
  t.match(createClockMemory(agent.clocks), { ntpApartSeconds: 2, steps: [], unsynchronisedSince: null })
})

t.test('a history of the aggregator and of the first servers of the plan, on hosts', async (t) => {
  const agent = agentOf([server, '192.0.2.2', '192.0.2.3'])
  const samples = [
    aggregatorClock(0),
    ...['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'].map((a) => ntpClock(0, a)),
  ]
  takeClocks(agent, samples, start)
  t.same([...agent.clockMemory.history.keys()], ['aggregator', '192.0.2.1', '192.0.2.2'])
  const pod = { ...agent, vantage: 'pod' as const, clocks: [], clockMemory: createClockMemory() }
  takeClocks(pod, [...samples, silent], start)
  t.same([...pod.clockMemory.history.keys()], ['aggregator'])
})

t.test('the last eight steps, by their time on the aggregator’s clock', async (t) => {
  const agent = agentOf()
  t.notOk(takeSteps(agent, undefined, start))
  t.notOk(takeSteps(agent, [], start))
  t.ok(takeSteps(agent, [{ ageSeconds: 5, seconds: -94, asleep: false }], start + 60))
  t.ok(takeSteps(agent, [{ ageSeconds: 1, seconds: 1, asleep: true }], start + 30))
  t.same(agent.clockMemory.steps, [
    { at: start + 29, seconds: 1, asleep: true },
    { at: start + 55, seconds: -94, asleep: false },
  ])
  for (let i = 0; i < 10; i++) takeSteps(agent, [{ ageSeconds: 0, seconds: i, asleep: false }], start + 100 + i)
  t.equal(agent.clockMemory.steps.length, 8)
})

t.test('since when nothing keeps the clock', async (t) => {
  const agent = agentOf()
  noteTimeKeeping(agent, {}, start)
  t.equal(agent.clockMemory.unsynchronisedSince, null)
  noteTimeKeeping(agent, keeping({ synchronised: false }), start + 60)
  noteTimeKeeping(agent, keeping({ maxErrorSeconds: 16 }), start + 120)
  t.equal(agent.clockMemory.unsynchronisedSince, start + 60)
  noteTimeKeeping(agent, keeping({}), start + 180)
  t.equal(agent.clockMemory.unsynchronisedSince, null)
  t.notOk(isUnsynchronised(undefined))
  t.notOk(isUnsynchronised(keeping({ synchronised: null, maxErrorSeconds: null }).timeKeeping))
})

t.test('which outcomes are silence', async (t) => {
  t.ok((['timeout', 'refused', 'unreachable', 'denied'] as const).every(isNtpSilence))
  t.notOk((['answered', 'unsynchronised', 'kiss-of-death', 'malformed', 'local-error'] as const).some(isNtpSilence))
})
