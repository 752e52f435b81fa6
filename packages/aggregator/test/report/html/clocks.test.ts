import t from 'tap'
import { clocksHtml } from '../../../src/report/html/clocks.ts'
import { links, momentOf } from '../sample-moment.ts'
import { agentOf, nodeOf, sampleReport } from '../sample-report.ts'

const { clock } = nodeOf('a', [])
const reporting = [agentOf([])]
const htmlOf = (nodes: ReturnType<typeof nodeOf>[]) => clocksHtml(momentOf(sampleReport({ nodes })), links)

t.test('the worst clock first, with offset, uncertainty and axis', async (t) => {
  const wrong = { ...clock, offsetSeconds: -94, state: 'failing' as const }
  const text = htmlOf([nodeOf('well', []), nodeOf('wrong', [], { clock: wrong })])
  t.ok(text.indexOf('wrong') < text.indexOf('well'))
  t.match(text, 'aria-label="wrong: −94 s ± 1.1 ms"')
  t.match(text, /class="dot" cx="3%"/, 'at the left end')
  t.match(text, /class="zero" x1="50%"/, 'zero is in the middle')
  t.match(text, '−10 s</text>')
})

t.test('a clock that was not measured is not a good one', async (t) => {
  const unmeasured = { ...clock, offsetSeconds: null, uncertaintySeconds: null, state: 'no-data' as const }
  const text = htmlOf([nodeOf('a', reporting, { clock: unmeasured })])
  t.match(text, 'No clock was measured yet.')
  t.match(text, 'Not measured by any reference: a.')
  t.notMatch(text, '<svg')
  t.match(
    htmlOf([nodeOf('b', [agentOf([], { status: 'silent' })], { clock: unmeasured })]),
    'No fresh data, since their agents are silent: b.',
  )
  t.match(
    htmlOf([nodeOf('c', [agentOf([], { status: 'expected' })], { clock: unmeasured })]),
    'Never measured, since their agents were never heard of: c.',
  )
  t.match(htmlOf(Array.from({ length: 9 }, (_, i) => nodeOf(`n${i}`, [], { clock: unmeasured }))), 'and 3 more')
})

t.test('two implementations that disagree are told of', async (t) => {
  const sample = {
    vantage: 'host' as const,
    reference: 'ntp 192.0.2.1',
    outcome: 'answered',
    offsetSeconds: 5,
    uncertaintySeconds: 0.001,
    measuredAt: clock.measuredAt ?? '',
  }
  const secondOpinion = { offsetSeconds: 0.01, uncertaintySeconds: 0.002, agrees: false }
  const page = (agrees: boolean) =>
    htmlOf([
      nodeOf('a', [], { clock: { ...clock, samples: [{ ...sample, secondOpinion: { ...secondOpinion, agrees } }] } }),
    ])
  t.match(page(false), 'a: two implementations disagree about ntp 192.0.2.1: +5 s ± 1 ms and +10 ms ± 2 ms')
  t.notMatch(page(true), 'disagree')
})

t.test('noise is not drawn as a difference', async (t) => {
  t.match(htmlOf([nodeOf('a', [], { clock: { ...clock, reference: null, measuredAt: null } })]), 'from −5 ms to +5 ms')
})

t.test('thousands of clocks are a density with its range', async (t) => {
  const text = htmlOf(
    Array.from({ length: 3000 }, (_, i) =>
      nodeOf(`n${i}`, [], { clock: { ...clock, offsetSeconds: (i - 1500) / 1e6 } }),
    ),
  )
  t.match(text, '2998 more nodes')
  t.match(text, 'aria-label="2998 more nodes from −1.5 ms to +1.5 ms, median')
  t.ok(text.length < 20_000, `${text.length} characters`)
})
