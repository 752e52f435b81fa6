import type { Judgement } from '@oddnode/protocol'
import t from 'tap'
import { inARow, type Judged, replay } from '../src/hysteresis.ts'
import { defaultThresholds } from '../src/thresholds.ts'

const letters: Record<string, Judgement> = { g: 'good', b: 'bad', l: 'late', n: 'none' }

/** Samples from letters, one each `gapSeconds` from 100 on. */
const samples = (text: string, gapSeconds = 5): Judged[] =>
  [...text].map((letter, i) => ({ takenAt: 100 + i * gapSeconds, judgement: letters[letter] ?? 'none' }))

const stateOf = (text: string, gapSeconds?: number) => replay(samples(text, gapSeconds), defaultThresholds).state

t.test('states by the window', async (t) => {
  const cases: [string, string][] = [
    ['', 'no-data'],
    ['gg', 'no-data'],
    ['bb', 'no-data'],
    ['ggg', 'ok'],
    ['ggggb', 'degraded'],
    ['ggbbg', 'degraded'],
    ['bbb', 'failing'],
    ['gbgbb', 'failing'],
    ['ggl', 'ok'],
    ['gllg', 'ok'],
    ['glll', 'degraded'],
    ['nnnnn', 'no-data'],
    ['gggnnn', 'no-data'],
    ['bgggggg', 'ok'],
  ]
  for (const [text, wanted] of cases) t.equal(stateOf(text), wanted, text)
})

t.test('trap 12: a rolling restart leaves holes of less than ten seconds: not failing', async (t) => {
  t.equal(stateOf('ggbbb', 4), 'degraded', '8 s from the first bad one to the last')
  t.equal(stateOf('ggbbb', 5), 'failing', '10 s')
})

t.test('failing stays until three good ones in a row', async (t) => {
  t.equal(stateOf('bbbg'), 'failing')
  t.equal(stateOf('bbbgg'), 'failing')
  t.equal(stateOf('bbbggg'), 'degraded')
  t.equal(stateOf('bbbggbgg'), 'failing', 'one bad one between starts the count anew')
  t.equal(stateOf('bbbgglg'), 'degraded', 'a late one neither counts nor breaks')
  t.equal(stateOf('bbbggggg'), 'ok')
})

t.test('since: the first bad sample of a failing probe, the sample that changed the state of another', async (t) => {
  t.equal(replay(samples('ggbbb'), defaultThresholds).since, 110)
  t.equal(replay(samples('bbbggg'), defaultThresholds).since, 125)
  t.equal(replay(samples('ggggg'), defaultThresholds).since, 110)
  t.equal(replay([], defaultThresholds).since, null)
})

t.test('in a row', async (t) => {
  t.equal(inARow(samples('gblb'), 'bad'), 2)
  t.equal(inARow(samples('gblbn'), 'bad'), 2)
  t.equal(inARow(samples('bgg'), 'good'), 2)
  t.equal(inARow(samples('bgg'), 'bad'), 0)
  t.equal(inARow([], 'good'), 0)
})
