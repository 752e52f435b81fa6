import t from 'tap'
import { verdictHtml } from '../../../src/report/html/verdict.ts'
import { HOSTILE, momentOf } from '../sample-moment.ts'
import { AT, findingOf, sampleReport } from '../sample-report.ts'

t.test('the sentence, each open finding in a line, and what it is of', async (t) => {
  const text = verdictHtml(momentOf())
  t.match(text, '<h1>1 of 2 nodes differs: node-2.</h1>')
  t.match(
    text,
    /class="critical"><span class="badge">critical<\/span><span class="what"><a href="#finding-b3f1b3f1b3f1b3f1">node-2: timeout.*for 9 min/,
  )
  t.notMatch(text, 'node-1 was silent', 'ended')
  for (const part of ['2 of 2', '1 of 2', '1 failing, 1 ok', '0 s old']) t.match(text, part)
})

t.test('many findings are counted after the worst', async (t) => {
  const findings = Array.from({ length: 11 }, (_, i) =>
    findingOf({ id: `${i}`.padStart(16, '0'), fault: `fault-${i}` }),
  )
  t.match(verdictHtml(momentOf(sampleReport({ findings }))), 'and 3 more findings')
})

t.test('one fault is one line, so that many wrong clocks hide nothing', async (t) => {
  const clocks = Array.from({ length: 10 }, (_, i) =>
    findingOf({ id: `${i}`.padStart(16, '0'), fault: 'node-clock-wrong', title: `clock ${i}`, since: AT }),
  )
  const findings = [...clocks, findingOf({ id: 'f'.repeat(16), title: 'no DNS' })]
  const text = verdictHtml(momentOf(sampleReport({ findings })))
  t.equal(text.split('<li ').length - 1, 2)
  t.match(text, /clock 0<\/a> <span class="quiet">and 9 more of this fault[\s\S]*no DNS/)
  t.notMatch(text, 'clock 1')
})

t.test('nothing open, nobody heard, something missing', async (t) => {
  const { verdict } = sampleReport()
  const report = sampleReport({
    findings: [],
    notices: [{ title: 'Not remembered', text: HOSTILE, commands: [] }],
    verdict: { ...verdict, state: 'no-data', sentence: HOSTILE, agents: { expected: 4, reporting: 1 } },
  })
  const text = verdictHtml(momentOf(report, { heard: { ...momentOf().heard, latestAt: null } }))
  t.notMatch(text, 'class="glance"')
  t.match(text, '<span class="lag">1 of 4</span>')
  t.match(text, '<dd>none yet</dd>')
  t.match(text, 'no data</p>')
  t.match(text, 'Not remembered')
  t.notMatch(text, '<script')
})
