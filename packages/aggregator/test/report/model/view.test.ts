import { createFleet, defaultThresholds } from '@oddnode/diagnosis'
import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import { findingView, headOf, type ViewInput } from '../../../src/report/model/view.ts'
import { finding } from '../../store/fixtures.ts'

const verdict = {
  state: 'ok',
  sentence: 'No finding.',
  nodes: { expected: 0, reporting: 0, odd: 0 },
  agents: { expected: 0, reporting: 0 },
  probes: { ok: 0, degraded: 0, failing: 0, noData: 0 },
} as const

function inputOf(open: readonly Finding[], changes: Partial<ViewInput> = {}): ViewInput {
  const fleet = createFleet(1_795_251_600, defaultThresholds)
  for (const one of open) fleet.findings.set(one.id, one)
  return {
    fleet,
    cluster: 'c',
    version: '0.1.0',
    picture: { checks: [], hidden: [] },
    storage: null,
    ended: [],
    ...changes,
  }
}

t.test('findings: open before ended, worst first, each once', async (t) => {
  const mild = { ...finding('aaaaaaaaaaaaaaaa'), severity: 'info' } as const
  const grave = { ...finding('bbbbbbbbbbbbbbbb'), severity: 'critical' } as const
  const ended = [
    finding('cccccccccccccccc', '2026-11-21T08:00:00.000Z'),
    finding('dddddddddddddddd', '2026-11-21T08:30:00.000Z'),
    finding('dddddddddddddddd', '2026-11-21T08:30:00.000Z'),
    grave,
  ]
  const { findings } = headOf(inputOf([mild, grave], { ended }), verdict)
  t.strictSame(
    findings.map(({ id }) => id),
    ['bbbbbbbbbbbbbbbb', 'aaaaaaaaaaaaaaaa', 'dddddddddddddddd', 'cccccccccccccccc'],
  )
})

t.test('what a finding explains is told by name, and is not listed itself', async (t) => {
  const symptom = { ...finding('aaaaaaaaaaaaaaaa'), title: 'a symptom' }
  const cause = { ...finding('bbbbbbbbbbbbbbbb'), covers: [symptom.id, 'ffffffffffffffff'] }
  const input = inputOf([symptom, cause])
  const { findings } = headOf(input, verdict)
  t.match(findings, [{ id: cause.id, covers: ['unexplained-difference: a symptom'] }])
  t.strictSame(findingView(cause, input.fleet).covers, ['unexplained-difference: a symptom'])
})

t.test('texts from outside are safe to look at', async (t) => {
  const hostile = 'a\u202eb'
  const safe = 'a⟨U+202E⟩b'
  const checks = [{ id: 'x', passed: null, detail: hostile }]
  const input = inputOf([{ ...finding('aaaaaaaaaaaaaaaa'), title: hostile }], {
    cluster: hostile,
    storage: hostile,
    picture: { checks, hidden: [hostile] },
  })
  const head = headOf(input, verdict)
  t.match(head, {
    at: '2026-11-21T09:00:00.000Z',
    cluster: safe,
    storage: safe,
    hidden: [safe],
    checks: [{ detail: safe }],
    findings: [{ title: safe }],
  })
})
