import t from 'tap'
import { createKeptSamples, evidenceOf, judgedSamples, keepSample, lastTakenAt } from '../src/kept-samples.ts'
import { good, servfail, timeout } from './world.ts'

const sample = (observation = good(), probe = 1) => ({ probe, ageSeconds: 0, observation })

t.test('samples fall into their place in time; the oldest gives way', async (t) => {
  const kept = createKeptSamples(3, 3)
  t.same(
    [20, 10, 30].map((at) => keepSample(kept, sample(), at, 'good')),
    [0, 0, 2],
  )
  t.equal(keepSample(kept, sample(), 5, 'bad'), -1)
  t.equal(keepSample(kept, sample(timeout), 25, 'bad'), 1)
  t.same(judgedSamples(kept, 1), [
    { takenAt: 20, judgement: 'good' },
    { takenAt: 25, judgement: 'bad' },
    { takenAt: 30, judgement: 'good' },
  ])
  t.equal(lastTakenAt(kept, 1), 30)
  t.same(
    [judgedSamples(kept, 0), judgedSamples(kept, 2), lastTakenAt(kept, 2)],
    [[], [], null],
    'the neighbours are untouched',
  )
})

t.test('samples of one instant have one order', async (t) => {
  const [a, b] = [createKeptSamples(2, 1), createKeptSamples(2, 1)]
  for (const one of [good(), timeout]) keepSample(a, sample(one), 10, 'good')
  for (const one of [timeout, good()]) keepSample(b, sample(one), 10, 'good')
  t.same(evidenceOf(a, 1, 1), evidenceOf(b, 1, 1))
})

t.test('evidence', async (t) => {
  const kept = createKeptSamples(2, 8)
  t.same(evidenceOf(kept, 1, 5), {
    outcome: null,
    outcomes: {},
    rcode: null,
    answered: 0,
    asked: 0,
    medianSeconds: null,
  })
  const seen = [timeout, good([], 0.002), good([], 0.004), servfail, timeout]
  for (const [at, one] of seen.entries()) keepSample(kept, sample(one), at, 'good')
  t.same(evidenceOf(kept, 1, 4), {
    outcome: 'answered',
    outcomes: { answered: 3, timeout: 1 },
    rcode: 0,
    answered: 3,
    asked: 4,
    medianSeconds: 0.002,
  })
  t.equal(evidenceOf(kept, 1, 3).medianSeconds, 0.00225, 'the mean of the two in the middle')
})
