import assert from 'node:assert/strict'
import type { Sample } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { restoreWindows } from '../src/restore.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import {
  type AgentWindows,
  addSamples,
  badInARow,
  createWindows,
  expire,
  goodInARow,
  probeState,
  staleAfterSeconds,
} from '../src/window.ts'
import { good, late, localError, planOf, refused, servfail, timeout } from './world.ts'

const plan = planOf([
  { role: 'cluster-dns', address: '10.96.0.10' },
  { role: 'upstream', address: '192.0.2.1', question: 'external', everySeconds: 300 },
])
const sample = (observation: Sample['observation'], probe = 0): Sample => ({ probe, ageSeconds: 0, observation })
const windowsOf = (observations: Sample['observation'][], gapSeconds = 15): AgentWindows => {
  const windows = createWindows(plan, defaultThresholds)
  for (const [i, observation] of observations.entries())
    addSamples(windows, plan, [sample(observation)], 1000 + i * gapSeconds)
  return windows
}

t.test('nothing is ok without data', async (t) => {
  const windows = createWindows(plan, defaultThresholds)
  t.match(probeState(windows, 0), { state: 'no-data', reason: 'not-looked-at', asked: 0, outcome: null, since: null })
  addSamples(windows, plan, [sample(good())], 1000)
  addSamples(windows, plan, [sample(good())], 1015)
  t.match(probeState(windows, 0), { state: 'no-data', reason: 'too-few', asked: 2, answered: 2 })
})

t.test('evidence of the window', async (t) => {
  const windows = windowsOf([good(), good(), timeout, refused, timeout, timeout, servfail])
  t.match(probeState(windows, 0), {
    state: 'failing',
    outcome: 'timeout',
    outcomes: { timeout: 3, refused: 1, answered: 1 },
    rcode: 2,
    answered: 1,
    asked: 5,
    medianSeconds: 0.0005,
    since: 1030,
    lastSampleAt: 1090,
    badInARow: 5,
    goodInARow: 0,
    answers: ['10.96.0.1'],
    error: 'no answer within 6 s',
  })
})

t.test(
  'a plan of short rounds: what is dead stays failing, though its window is shorter than the spread',
  async (t) => {
    const quick = { ...plan, intervalSeconds: 1 }
    const windows = createWindows(quick, defaultThresholds)
    // As suspicion asks at first, then as rounds do.
    const sentAt = [1000, 1005.25, 1010.5, ...Array.from({ length: 20 }, (_, i) => 1011 + i)]
    for (const at of sentAt) addSamples(windows, quick, [sample(timeout)], at)
    t.match(probeState(windows, 0), { state: 'failing', badInARow: 8, since: 1000 })
    const slow = windowsOf([timeout, timeout, timeout, good()], 2)
    t.match(probeState(slow, 0), { state: 'degraded' }, 'rounds of 15 s: three bad ones within 4 s are no failure')
  },
)

t.test('changes are told when they happen', async (t) => {
  const windows = windowsOf([good(), good(), good()])
  t.same(addSamples(windows, plan, [sample(timeout)], 1045), [{ probe: 0, from: 'ok', to: 'degraded', at: 1045 }])
  t.same(addSamples(windows, plan, [sample(timeout)], 1060), [])
  t.same(addSamples(windows, plan, [sample(timeout)], 1075), [{ probe: 0, from: 'degraded', to: 'failing', at: 1075 }])
  t.equal(probeState(windows, 0).since, 1045, 'since the first bad one')
})

t.test('late keeps its RCODE and time, several make degraded; local errors are no evidence', async (t) => {
  t.match(probeState(windowsOf([late, late, late]), 0), {
    state: 'degraded',
    outcome: 'late',
    answered: 3,
    medianSeconds: 2.5,
  })
  const own = windowsOf([good(), good(), good(), localError, localError, localError, localError])
  t.match(probeState(own, 0), { state: 'no-data', reason: 'inconclusive', outcome: 'local-error' })
})

t.test('an answer set is that of the last good sample, whatever its order of arrival', async (t) => {
  const windows = windowsOf([good(['10.0.0.1']), good(['10.0.0.2'])])
  addSamples(windows, plan, [sample(good(['10.0.0.9']))], 1007)
  t.same(probeState(windows, 0).answers, ['10.0.0.2'])
})

t.test('stale: three intervals, at least 60 s', async (t) => {
  t.equal(staleAfterSeconds(plan, 0, defaultThresholds), 60)
  t.equal(staleAfterSeconds(plan, 1, defaultThresholds), 900)
  const windows = windowsOf([good(), good(), good()])
  t.same(expire(windows, plan, 1089), [])
  t.same(expire(windows, plan, 1090), [{ probe: 0, from: 'ok', to: 'no-data', at: 1090 }])
  t.match(probeState(windows, 0), { state: 'no-data', reason: 'stale', asked: 3 })
  t.same(expire(windows, plan, 2000), [])
  addSamples(windows, plan, [sample(good())], 2015)
  t.equal(probeState(windows, 0).state, 'ok')
})

t.test('a probe that fails for long keeps its start, and its first error', async (t) => {
  const windows = windowsOf([good(), good(), good(), refused, ...Array.from({ length: 40 }, () => timeout)])
  t.match(probeState(windows, 0), { state: 'failing', since: 1045, error: 'ECONNREFUSED' })
})

t.test(
  'trap 24: a finding survives the outage: a buffer that comes newest first still tells the true start',
  async (t) => {
    const windows = createWindows(plan, defaultThresholds)
    for (let i = 40; i >= 3; i--) addSamples(windows, plan, [sample(timeout)], 1000 + i * 15)
    for (let i = 2; i >= 0; i--) addSamples(windows, plan, [sample(good())], 1000 + i * 15)
    t.match(probeState(windows, 0), { state: 'failing', since: 1045, answers: ['10.96.0.1'] })
  },
)

t.test('trap 8: one SERVFAIL that was cached is one bad sample', async (t) => {
  t.equal(probeState(windowsOf([good(), good(), servfail, good(), good()]), 0).state, 'degraded')
})

t.test('a sample of a probe that the plan does not have is a bug of the caller', async (t) => {
  t.throws(() => addSamples(createWindows(plan, defaultThresholds), plan, [sample(good(), 7)], 1000), RangeError)
})

const observation = fc.constantFrom(good(), timeout, servfail, late, localError)
const taken = fc.array(fc.record({ at: fc.integer({ min: 0, max: 600 }), observation }), { maxLength: 30 })
const shuffledPair = taken.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
)

function stateAfter(list: readonly { at: number; observation: Sample['observation'] }[]) {
  const windows = createWindows(plan, defaultThresholds)
  for (const { at, observation } of list) addSamples(windows, plan, [sample(observation)], at)
  return { ...probeState(windows, 0), bad: badInARow(windows, 0), good: goodInARow(windows, 0) }
}

t.test('order of arrival changes nothing in the end', async () => {
  fc.assert(
    fc.property(shuffledPair, ([list, shuffled]) => {
      const { since: a, error: x, answers: p, ...one } = stateAfter(list)
      const { since: b, error: y, answers: q, ...other } = stateAfter(shuffled)
      // Since when is exact as long as all samples are kept; of a long past only the edge of it is remembered.
      assert.deepStrictEqual(
        list.length <= 8 ? { ...one, since: a } : one,
        list.length <= 8 ? { ...other, since: b } : other,
      )
    }),
    { numRuns: 300 },
  )
})

t.test('order within a round changes nothing, and no probe touches another', async () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(observation, observation), { maxLength: 12 }), (pairs) => {
      const forward = createWindows(plan, defaultThresholds)
      const backward = createWindows(plan, defaultThresholds)
      for (const [i, [a, b]] of pairs.entries()) {
        addSamples(forward, plan, [sample(a, 0), sample(b, 1)], i * 15)
        addSamples(backward, plan, [sample(b, 1), sample(a, 0)], i * 15)
      }
      assert.deepStrictEqual(
        [0, 1].map((probe) => probeState(forward, probe)),
        [0, 1].map((probe) => probeState(backward, probe)),
      )
      assert.deepStrictEqual(probeState(forward, 0), probeState(windowsFrom(pairs.map(([a]) => a)), 0))
    }),
    { numRuns: 100 },
  )
})

function windowsFrom(observations: Sample['observation'][]): AgentWindows {
  const windows = createWindows(plan, defaultThresholds)
  for (const [i, one] of observations.entries()) addSamples(windows, plan, [sample(one)], i * 15)
  return windows
}

t.test('what is held is told until there are fresh samples, with its reason where it is no data', async (t) => {
  const past = probeState(windowsOf([good(), good(), timeout, timeout, timeout, timeout, timeout]), 0)
  const windows = restoreWindows(plan, defaultThresholds, [{ probe: 0, ...past }])
  addSamples(windows, plan, [sample(good())], 1105)
  t.match(probeState(windows, 0), { state: 'failing', badInARow: 5, reason: null })
  t.equal(badInARow(windows, 0), 5)
  t.equal(goodInARow(windows, 0), 0)
  t.equal(expire(windows, plan, 2000).length, 1)
  t.match(probeState(windows, 0), { state: 'no-data', reason: 'stale' })
  const few = restoreWindows(plan, defaultThresholds, [{ ...past, probe: 0, state: 'no-data', reason: 'too-few' }])
  t.match(probeState(few, 0), { state: 'no-data', reason: 'too-few', lastSampleAt: 1090 })
})

t.test('a wrong answer is kept until a good one comes', async (t) => {
  const wrong = { ...servfail, answers: ['192.0.2.66'] }
  const windows = windowsOf([good(), wrong])
  t.same(windows.wrongAnswers.get(0), ['192.0.2.66'])
  addSamples(windows, plan, [sample(good())], 1030)
  t.equal(windows.wrongAnswers.size, 0)
})

t.test('a probe that the plan does not have: stale as the plan’s rounds are', async (t) => {
  t.equal(staleAfterSeconds(plan, 9, defaultThresholds), staleAfterSeconds(plan, 0, defaultThresholds))
})
