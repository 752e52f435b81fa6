import t from 'tap'
import type { ReadReport } from '../../src/report/report.ts'
import { watch } from '../../src/report/watch.ts'
import type { Watched } from '../../src/report/watch-frame.ts'

/** Watches while these come one after another. @returns what was shown, and the exit code */
async function watched(...reads: ReadReport[]) {
  const ending = new AbortController()
  const shown: Watched[] = []
  let time = 0
  const exitCode = await watch(
    { verdict: 'ok', text: 'first' },
    {
      read: async () => reads.shift() ?? { error: 'nothing more' },
      everySeconds: 0.001,
      show: (latest) => {
        shown.push(latest)
        if (reads.length === 0) ending.abort()
      },
      signal: ending.signal,
      now: () => ++time * 1000,
    },
  )
  return { shown, exitCode }
}

t.test('each report is shown, and the exit code is that of the last', async (t) => {
  const { shown, exitCode } = await watched({ verdict: 'ok', text: 'second' }, { verdict: 'failing', text: 'third' })
  t.strictSame(
    shown.map(({ text, readAt, away }) => [text, readAt, away]),
    [
      ['first', 1000, null],
      ['second', 2000, null],
      ['third', 3000, null],
    ],
  )
  t.equal(exitCode, 2)
})

t.test('while the aggregator is away the last report stays, with since when and why', async (t) => {
  const { shown, exitCode } = await watched({ error: 'gone' }, { error: 'still gone' }, { verdict: 'ok', text: 'back' })
  t.strictSame(
    shown.map(({ text, away }) => [text, away]),
    [
      ['first', null],
      ['first', { since: 2000, error: 'gone' }],
      ['first', { since: 2000, error: 'still gone' }],
      ['back', null],
    ],
  )
  t.equal(exitCode, 0)
})
