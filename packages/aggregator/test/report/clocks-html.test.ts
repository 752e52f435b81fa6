import t from 'tap'
import { clocksHtml } from '../../src/report/clocks-html.ts'
import { nodeOf } from './sample-report.ts'

const { clock } = nodeOf('a', [])

t.test('the worst clock first, with offset, uncertainty and axis', async (t) => {
  const wrong = { ...clock, offsetSeconds: -94, state: 'failing' as const }
  const text = clocksHtml({ nodes: [nodeOf('well', []), nodeOf('wrong', [], { clock: wrong })] })
  t.ok(text.indexOf('wrong') < text.indexOf('well'))
  t.match(text, '−94 s ± 1.1 ms')
  t.match(text, 'aria-label="−94 s ± 1.1 ms"')
  t.match(text, /class="offset" cx="5" /, 'at the left end')
  t.match(text, /class="offset" cx="120" /, 'in the middle')
})

t.test('a clock that was not measured is not a good one', async (t) => {
  const text = clocksHtml({
    nodes: [nodeOf('a', [], { clock: { ...clock, offsetSeconds: null, uncertaintySeconds: null, state: 'no-data' } })],
  })
  t.match(text, 'not measured')
  t.notMatch(text, '<svg')
})

t.test('two implementations that disagree are told of', async (t) => {
  const sample = {
    reference: 'ntp 192.0.2.1',
    outcome: 'answered',
    offsetSeconds: 5,
    uncertaintySeconds: 0.001,
    measuredAt: clock.measuredAt ?? '',
  }
  const secondOpinion = { offsetSeconds: 0.01, uncertaintySeconds: 0.002, agrees: false }
  const page = (agrees: boolean) =>
    clocksHtml({
      nodes: [
        nodeOf('a', [], { clock: { ...clock, samples: [{ ...sample, secondOpinion: { ...secondOpinion, agrees } }] } }),
      ],
    })
  t.match(page(false), 'a: two implementations disagree about ntp 192.0.2.1: +5 s ± 1 ms and +10 ms ± 2 ms')
  t.notMatch(page(true), 'disagree')
})

t.test('noise is not drawn as a difference', async (t) => {
  t.match(
    clocksHtml({
      nodes: [nodeOf('a', [], { clock: { ...clock, reference: null, measuredAt: null, uncertaintySeconds: null } })],
    }),
    'from −5 ms to +5 ms',
  )
})
