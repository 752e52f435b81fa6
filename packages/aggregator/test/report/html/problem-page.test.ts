import t from 'tap'
import { problemHtml } from '../../../src/report/html/problem-page.ts'
import { HOSTILE, unescaped } from '../sample-moment.ts'

t.test('what is wrong, in words, with the way back', async (t) => {
  const problem = { type: 'about:blank', title: 'No such node', status: 404, detail: `There is no ${HOSTILE}` }
  const page = problemHtml(problem, '../../')
  t.match(page, /404[\s\S]*<h1>No such node<\/h1>/)
  t.match(page, '<a href="../../report">The report</a>')
  t.notMatch(page, '<script>')
})

t.test('the moments next to one that cannot be told', async (t) => {
  const moments = ['2026-11-21T09:29:12.646Z']
  const problem = { type: 'about:blank', title: 'No data then', status: 404, detail: 'Nobody looked.', moments }
  t.match(
    unescaped(problemHtml(problem, '')),
    /href="report\?at=2026-11-21T09%3A29%3A12.646Z"><time .*2026-11-21 09:29:12 UTC/,
  )
})
