import t from 'tap'
import { timelineHtml } from '../../../src/report/html/timeline.ts'
import { timelineEntry } from '../../../src/report/model/incident.ts'
import { HOSTILE, links, unescaped } from '../sample-moment.ts'
import { AT, findingOf } from '../sample-report.ts'

const view = { at: AT, links, keepsPast: true }
const entry = (changes: Parameters<typeof findingOf>[0] = {}) => timelineEntry(findingOf(changes))

t.test('each finding is a bar with its times, the latest first', async (t) => {
  const text = timelineHtml(
    [
      entry({ id: 'aaaaaaaaaaaaaaaa', since: '2026-11-21T04:00:00.000Z', ended: '2026-11-21T06:00:00.000Z' }),
      entry({ title: HOSTILE }),
    ],
    view,
  )
  t.ok(text.indexOf('b3f1b3f1') < text.indexOf('aaaaaaaa'))
  t.match(text, 'aria-label="open for 9 min"')
  t.match(text, 'aria-label="lasted 2 h"')
  t.match(text, 'href="report/findings/aaaaaaaaaaaaaaaa"')
  t.match(text, 'in the last 6 h')
  t.match(text, '06:00</text>')
  t.notMatch(text, '<script')
})

t.test('a young one does not fill the axis, an old one begins at its left end', async (t) => {
  t.match(timelineHtml([entry({ since: '2026-11-21T09:29:00.000Z' })], view), 'in the last 60 min')
  const old = timelineHtml([entry({ since: '2026-11-01T09:29:00.000Z' })], view)
  t.match(old, 'in the last 24 h')
  t.match(old, '<rect class="span open" x="3%" y="3" width="94%"')
})

t.test('none, and more than are shown', async (t) => {
  t.match(timelineHtml([], view), 'No finding in the last day.')
  const many = Array.from({ length: 50 }, () => entry())
  t.match(timelineHtml(many, view), '10 older ones are left out')
})

t.test('the way to the past leads to when an ended finding was last seen, and only where a past is kept', async (t) => {
  const lastSeen = '2026-11-21T09:24:45.000Z'
  const ended = entry({ lastSeen, ended: '2026-11-21T09:25:00.000Z' })
  t.match(unescaped(timelineHtml([ended], view)), 'href="report?at=2026-11-21T09%3A24%3A45.000Z"')
  t.notMatch(timelineHtml([ended], { ...view, keepsPast: false }), '?at')
  t.notMatch(unescaped(timelineHtml([entry()], view)), '?at', 'an open one is on this page')
})

t.test('any moment can be asked for, where a past is kept', async (t) => {
  for (const entries of [[], [entry()]]) {
    t.match(
      timelineHtml(entries, view),
      /<form method="get" action="report"[\s\S]*name="at" value="2026-11-21T09:29:12Z"/,
    )
    t.notMatch(timelineHtml(entries, { ...view, keepsPast: false }), '<form')
  }
})
