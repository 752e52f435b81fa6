import type { Judgement } from '@oddnode/protocol'
import t from 'tap'
import { closed, isOpen, type Suspicion, suspect, unsuspected } from '../src/suspicion.ts'

const PERIOD = 5

/** Samples a period and a little apart, as the follow-up asks. */
function after(judgements: readonly Judgement[], from: Suspicion = unsuspected, spacing = 5.25): Suspicion {
  return judgements.reduce((before, judgement, i) => suspect(before, judgement, 100 + i * spacing, PERIOD), from)
}

t.test('a fresh probe that answers is believed at once', async (t) => {
  t.strictSame(after(['good']), { ...unsuspected, decided: 'good' })
})

t.test('three bad ones over ten seconds decide', async (t) => {
  t.ok(isOpen(after(['good', 'bad'])))
  t.ok(isOpen(after(['good', 'bad', 'bad'])))
  t.strictSame(after(['good', 'bad', 'bad', 'bad']), { ...unsuspected, decided: 'bad' })
  t.strictSame(after(['bad', 'bad', 'bad']), { ...unsuspected, decided: 'bad' }, 'a fresh probe, too')
})

t.test('three bad ones in less than ten seconds do not: rolling restarts leave such holes', async (t) => {
  const short = after(['good', 'bad', 'bad', 'bad'], unsuspected, 4)
  t.match(short, { decided: 'good', against: 3 })
  t.ok(isOpen(short))
})

t.test('three good ones in a row end a fault, however fast they came', async (t) => {
  const failing = after(['bad', 'bad', 'bad'])
  t.ok(isOpen(after(['good'], failing)))
  t.strictSame(after(['good', 'good', 'good'], failing, 0.1), { ...unsuspected, decided: 'good' })
})

t.test('one that agrees ends the episode', async (t) => {
  t.strictSame(after(['good', 'bad', 'good']), { ...unsuspected, decided: 'good' })
})

t.test('a probe that goes on failing is not asked more often: no episode', async (t) => {
  t.notOk(isOpen(after(['bad', 'bad', 'bad', 'bad', 'bad'])))
})

t.test('a sample that says neither opens no episode, and keeps one open at most six times', async (t) => {
  t.equal(after(['good', 'late']).repeats, null)
  const suspected = after(['good', 'bad'])
  const neither = (count: number) => after(Array<Judgement>(count).fill('none'), suspected)
  t.ok(isOpen(neither(5)))
  t.notOk(isOpen(neither(6)))
  t.equal(neither(6).against, 1, 'what it showed still counts')
})

t.test('without its episode what a probe showed still counts', async (t) => {
  t.match(closed(after(['good', 'bad'])), { decided: 'good', against: 1, repeats: null })
})
