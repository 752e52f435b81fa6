import type { ClockSample, NtpServer } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { watchClock } from '../src/clock-watch.ts'
import { systemTime } from '../src/time.ts'
import { ntpServer } from './ntp-server.ts'
import { until } from './until.ts'

function setUp(t: Test) {
  const samples: ClockSample[] = []
  const stopping = new AbortController()
  const watch = watchClock({
    onSample: (sample) => samples.push(sample),
    time: systemTime,
    random: () => 0.5,
    signal: stopping.signal,
    closeSeconds: 0.3,
  })
  t.teardown(() => {
    stopping.abort()
    watch.stop()
  })
  return { samples, watch, stopping }
}

const server = (port: number, everySeconds = 0.1): NtpServer => ({ address: '127.0.0.1', port, everySeconds })
const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

t.test('measures in each period, with a second opinion at the start only', async (t) => {
  const { port } = await ntpServer(t)
  const { samples, watch } = setUp(t)
  watch.setServers([server(port)])
  await until('three samples', () => samples.length >= 3)
  t.match(samples[0], {
    outcome: 'answered',
    reference: { kind: 'ntp', address: '127.0.0.1' },
    secondOpinion: { agrees: true },
  })
  t.ok(samples.slice(1).every(({ outcome, secondOpinion }) => outcome === 'answered' && secondOpinion === undefined))
  t.ok(samples.every(({ offsetSeconds }) => Math.abs(offsetSeconds ?? 9) < 0.05))
})

t.test('one that falls silent is asked in half its period, and not so for ever', async (t) => {
  const { port, set } = await ntpServer(t)
  const waits: number[] = []
  const stopping = new AbortController()
  t.teardown(() => stopping.abort())
  const samples: ClockSample[] = []
  const time = {
    now: systemTime.now,
    after: (seconds: number, act: () => void) => {
      waits.push(seconds)
      return systemTime.after(0, act)
    },
  }
  const onSample = (sample: ClockSample) => samples.push(sample)
  const watch = watchClock({ onSample, time, random: () => 0.5, signal: stopping.signal, closeSeconds: 0.05 })
  watch.setServers([server(port, 64)])
  await until('an answer', () => samples.some(({ outcome }) => outcome === 'answered'))
  set({ isSilent: true })
  await until('twelve silences', () => samples.filter(({ outcome }) => outcome !== 'answered').length >= 12, 20)
  watch.stop()
  const after = samples.slice(0, waits.length - 1).map(({ outcome }, i) => [outcome === 'answered', waits[i + 1]])
  const ofSilent = after.filter(([isAnswered]) => !isAnswered).map(([, seconds]) => seconds)
  t.ok(after.filter(([isAnswered]) => isAnswered).every(([, seconds]) => seconds === 64))
  t.same(ofSilent.slice(0, 10), [32, 32, 32, 32, 32, 32, 32, 32, 64, 64])
})

t.test('a clock that looks wrong is called so on two words: + is ahead', async (t) => {
  const { port, set } = await ntpServer(t)
  set({ behindSeconds: 94 })
  const { samples, watch } = setUp(t)
  watch.setServers([server(port)])
  await until('a sample', () => samples.length >= 1)
  t.match(samples[0], { secondOpinion: { agrees: true } })
  t.ok(Math.abs((samples[0]?.offsetSeconds ?? 0) - 94) < 0.05)
})

t.test('a clock that looks wrong later is called so on two words, too, however early that is', async (t) => {
  const { port, set } = await ntpServer(t)
  const { samples, watch } = setUp(t)
  watch.setServers([server(port)])
  await until('a good sample', () => samples.length >= 1)
  set({ behindSeconds: 94 })
  await until('two wrong ones', () => samples.filter(({ offsetSeconds }) => (offsetSeconds ?? 0) > 90).length >= 2)
  const [first, second] = samples.filter(({ offsetSeconds }) => (offsetSeconds ?? 0) > 90)
  t.match(first, { secondOpinion: { agrees: true } })
  t.equal(second?.secondOpinion, undefined, 'once agreed, that holds for a while')
})

t.test('as long as two implementations disagree, no reading goes without the other', async (t) => {
  const { port, set } = await ntpServer(t)
  set({ behindSeconds: 94, behindForOthersSeconds: -94 })
  const { samples, watch } = setUp(t)
  watch.setServers([server(port)])
  await until('three samples', () => samples.length >= 3)
  for (const sample of samples.slice(0, 3)) t.match(sample, { secondOpinion: { agrees: false } })
})

t.test('a second opinion that does not come is asked for again while the clock looks wrong', async (t) => {
  const { port, set } = await ntpServer(t)
  set({ behindSeconds: 94, isDeafToOthers: true })
  const { samples, watch } = setUp(t)
  watch.setServers([server(port)])
  await until('a sample', () => samples.length >= 1)
  t.equal(samples[0]?.secondOpinion, undefined)
  set({ isDeafToOthers: false })
  await until('an opinion', () => samples.some(({ secondOpinion }) => secondOpinion?.agrees === true))
})

t.test('a silent server is a sample, too', async (t) => {
  const { samples, watch } = setUp(t)
  watch.setServers([server(1)])
  await until('a sample', () => samples.length >= 1)
  t.match(samples[0], { outcome: 'refused', offsetSeconds: null })
})

t.test('slower each time that a server asks to be spared', async (t) => {
  const { port, set, requests } = await ntpServer(t)
  set({ kiss: 'RATE' })
  const { samples, watch } = setUp(t)
  watch.setServers([server(port)])
  await until('three refusals', () => samples.length >= 4)
  const [first = 0, second = 0, third = 0, fourth = 0] = requests
  t.match(samples[0], { outcome: 'kiss-of-death' })
  t.ok(
    second - first >= 0.19 && third - second >= 0.39 && fourth - third >= 0.79,
    'twice, four times, eight times the period',
  )
})

t.test('not at all after it says no', async (t) => {
  for (const kiss of ['DENY', 'RSTR']) {
    const { port, set, requests } = await ntpServer(t)
    set({ kiss })
    const { samples, watch } = setUp(t)
    watch.setServers([server(port)])
    await until('the refusal', () => samples.length >= 1)
    await sleep(0.4)
    t.equal(requests.length, 1)
  }
})

t.test('a list that changes: gone, new, and one that keeps its turn', async (t) => {
  const [gone, kept, added] = [await ntpServer(t), await ntpServer(t), await ntpServer(t)]
  const { samples, watch } = setUp(t)
  watch.setServers([server(gone.port), server(kept.port)])
  await until('samples of both', () => gone.requests.length >= 4 && kept.requests.length >= 4)
  watch.setServers([server(kept.port), server(added.port)])
  await sleep(0.5)
  const before = { gone: gone.requests.length, kept: kept.requests.length }
  await until('more of the others', () => kept.requests.length > before.kept && added.requests.length >= 4)
  t.equal(gone.requests.length, before.gone)
  t.ok(samples.length >= 4)
})

t.test('a changed period is a new turn, not the end', async (t) => {
  const { port, requests } = await ntpServer(t)
  const { watch } = setUp(t)
  watch.setServers([server(port, 0.2)])
  await until('a first measurement', () => requests.length >= 4)
  watch.setServers([server(port, 0.1)])
  await until('one more', () => requests.length >= 12)
})

t.test('stops in the middle of a measurement', async (t) => {
  const { port, requests } = await ntpServer(t)
  const { samples, watch, stopping } = setUp(t)
  watch.setServers([server(port)])
  await until('it measures', () => requests.length >= 1)
  stopping.abort()
  watch.stop()
  const before = samples.length
  await sleep(0.3)
  t.equal(samples.length, before)
})
