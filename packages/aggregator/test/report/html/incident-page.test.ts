import t from 'tap'
import { incidentHtml } from '../../../src/report/html/incident-page.ts'
import { style } from '../../../src/report/html/style.ts'
import { incidentOf } from '../sample-incident.ts'
import { HOSTILE } from '../sample-moment.ts'
import { findingOf } from '../sample-report.ts'

t.test('one file with its style in it, that asks nobody for anything', async (t) => {
  const page = incidentHtml(incidentOf())
  t.equal(page.split('<style>').length - 1, 1)
  t.ok(page.includes(`<style>${style}</style>`), 'exactly what the policy allows')
  t.notMatch(page, /<script|src=|rel="stylesheet"|href="report/)
  t.match(page, 'saved <time')
  t.match(page, '<p>Finding b3f1b3f1b3f1b3f1, by oddnode')
})

t.test('the way back, where it is known how readers come there', async (t) => {
  const permalink = 'https://oddnode.example.com/report/findings/b3f1'
  t.match(incidentHtml(incidentOf({ permalink })), `<a href="${permalink}" rel="noreferrer">Finding`)
})

t.test('what comes from outside is text', async (t) => {
  t.notMatch(
    incidentHtml(incidentOf({ finding: findingOf({ title: HOSTILE, story: HOSTILE }), cluster: HOSTILE })),
    '<script',
  )
})
