import type { ClockOutcome, ClockSample } from '@oddnode/protocol'
import t from 'tap'
import { startNtpServer } from '../../../probes/test/ntp-server.ts'
import { askClocks, clockResult } from '../../src/check/ask-clocks.ts'

const server = { address: '192.0.2.123', port: 123 }
const sample = (seen: Partial<ClockSample>): ClockSample => ({
  reference: { kind: 'ntp', address: '192.0.2.123' },
  outcome: 'answered',
  offsetSeconds: 0.0003,
  uncertaintySeconds: 0.001,
  delaySeconds: 0.002,
  ...seen,
})

t.test('an offset counts only beyond its uncertainty, and has its sign', async (t) => {
  t.match(clockResult(server, sample({})), { state: 'ok', server: '192.0.2.123', words: '300 µs ahead (± 1 ms)' })
  t.match(clockResult(server, sample({ offsetSeconds: -94 })), { state: 'failing', words: '94 s behind (± 1 ms)' })
  t.match(clockResult(server, sample({ offsetSeconds: 0.2 })), { state: 'degraded', words: /^200 ms ahead/ })
  t.match(clockResult(server, sample({ offsetSeconds: 6, uncertaintySeconds: 6 })), { state: 'ok' })
})

t.test('two implementations that disagree say nothing', async (t) => {
  const secondOpinion = { offsetSeconds: 0, uncertaintySeconds: 0.01, agrees: false }
  t.match(clockResult(server, sample({ offsetSeconds: -94, secondOpinion })), {
    state: 'no-data',
    words: 'two implementations disagree: −94 s and +0 µs',
  })
})

t.test('a server that tells no time is a fault of its own, with words for each', async (t) => {
  const outcomes: ClockOutcome[] = ['timeout', 'refused', 'unreachable', 'denied', 'unsynchronised', 'kiss-of-death']
  const nothing = { offsetSeconds: null, uncertaintySeconds: null, delaySeconds: null }
  const told = outcomes.map((outcome) => clockResult(server, sample({ outcome, ...nothing, error: 'why' })))
  for (const { state, words } of told) {
    t.equal(state, 'degraded')
    t.match(words, /\(why\)$/)
  }
  t.equal(new Set(told.map(({ words }) => words)).size, outcomes.length)
  t.equal(clockResult(server, sample({ outcome: 'local-error', ...nothing })).state, 'no-data')
})

t.test('a real server, with a second opinion', async (t) => {
  const real = await startNtpServer({ aheadMilliseconds: 10_000 })
  t.teardown(() => real.close())
  const { signal } = new AbortController()
  const asked = { address: real.address, port: real.port, everySeconds: 64 }
  const [result] = await askClocks([asked], { signal, closeSeconds: 2 })
  t.match(result, { state: 'failing', words: /^10 s behind/, secondOpinion: { agrees: true } })
})
