import type { Judgement } from '@oddnode/protocol'
import t from 'tap'
import { closed, isOpen, type Suspicion, suspect, unsuspected } from '../src/suspicion.ts'

const PERIOD = 5

/** Samples a period and a little apart, as the follow-up asks. */
function after(judgements: readonly Judgement[], from: Suspicion = unsuspected, spacing = 5.25): Suspicion {
  return judgements.reduce((before, judgement, i) => suspect(before, judgement, 100 + i * spacing, PERIOD), from)
}
const bad = (count: number) => Array<Judgement>(count).fill('bad')

t.test('a fresh probe that answers is believed at once', async (t) => {
  t.match(after(['good']), { decided: 'good', repeats: null })
})

t.test('three bad ones over ten seconds decide, five make sure', async (t) => {
  t.match(after(['good', 'bad', 'bad']), { decided: 'good', repeats: 1 })
  t.match(after(['good', ...bad(3)]), { decided: 'bad', repeats: 2 })
  t.match(after(['good', ...bad(4)]), { decided: 'bad', repeats: 3 })
  t.match(after(['good', ...bad(5)]), { decided: 'bad', repeats: null })
  t.match(after(bad(5)), { decided: 'bad', repeats: null }, 'a fresh probe, too')
})

t.test('three bad ones in less than ten seconds do not decide: rolling restarts leave such holes', async (t) => {
  t.match(after(['good', ...bad(3)], unsuspected, 4), { decided: 'good', inRow: 3, repeats: 2 })
})

t.test('three good ones in a row end a fault, however fast they came', async (t) => {
  const failing = after(bad(5))
  t.ok(isOpen(after(['good'], failing)))
  t.ok(isOpen(after(['good', 'good'], failing)))
  t.match(after(['good', 'good', 'good'], failing, 0.1), { decided: 'good', repeats: null })
})

t.test(
  'what was decided bad is asked until it is surely well: a rare probe would stay failing for its long period',
  async (t) => {
    const decided = after(['good', ...bad(3)])
    t.ok(isOpen(after(['good'], decided)))
    t.match(after(['good', 'good', 'good'], decided), { decided: 'good', repeats: null })
  },
)

t.test('a single loss ends with the next answer', async (t) => {
  t.match(after(['good', 'bad', 'good']), { decided: 'good', repeats: null })
})

t.test('a probe that goes on failing is not asked more often: no episode', async (t) => {
  t.notOk(isOpen(after(bad(7))))
})

t.test('samples that differ keep an episode open at most six times', async (t) => {
  const failing = after(bad(5))
  t.ok(isOpen(after(['good', 'bad', 'good', 'bad', 'good', 'bad'], failing)))
  t.notOk(isOpen(after(['good', 'bad', 'good', 'bad', 'good', 'bad', 'good'], failing)))
})

t.test('a sample that says neither opens no episode, and keeps one open at most six times', async (t) => {
  t.equal(after(['good', 'late']).repeats, null)
  const suspected = after(['good', 'bad'])
  const neither = (count: number) => after(Array<Judgement>(count).fill('none'), suspected)
  t.ok(isOpen(neither(5)))
  t.notOk(isOpen(neither(6)))
  t.equal(neither(6).inRow, 1, 'what it showed still counts')
})

t.test('without its episode what a probe showed still counts', async (t) => {
  t.match(closed(after(['good', 'bad'])), { decided: 'good', inRow: 1, repeats: null })
})
