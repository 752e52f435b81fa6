import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { probeResult } from '../../src/check/probe-result.ts'
import { clusterPlan } from './servers.ts'

const plan = clusterPlan([53], 2)
const answered = (rcode: number, seconds = 0.001) => observationOf('answered', { rcode, seconds })
const lost = observationOf('timeout')
const result = (...observations: Parameters<typeof probeResult>[1]['observations']) =>
  probeResult(plan, { probe: 0, observations })

t.test('well, sometimes, never, and nothing known', async (t) => {
  t.match(result(answered(0)), { state: 'ok', words: 'answered', answered: 1, asked: 1, medianSeconds: 0.001 })
  t.match(result(lost, answered(0), answered(0)), {
    state: 'degraded',
    outcome: 'timeout',
    outcomes: { timeout: 1, answered: 2 },
    words: 'no answer in 4 s',
    answered: 2,
    asked: 3,
  })
  t.match(result(lost, lost, lost), { state: 'failing', answered: 0, asked: 3, medianSeconds: null })
  t.match(result(answered(2), answered(2), answered(2)), { state: 'failing', rcode: 'SERVFAIL', answered: 3 })
  t.match(result(observationOf('late', { rcode: 0, seconds: 3 })), { state: 'degraded', words: /^right, but/ })
  t.match(result(observationOf('local-error', { error: 'EMFILE' })), { state: 'no-data', error: 'EMFILE' })
})

t.test('the middle of the answers is their time', async (t) => {
  t.equal(result(answered(0, 0.3), answered(0, 0.1), answered(0, 0.2)).medianSeconds, 0.2)
})

t.test('what was not asked is no result', async (t) => {
  t.throws(() => probeResult(plan, { probe: 99, observations: [lost] }), RangeError)
  t.throws(() => probeResult(plan, { probe: 0, observations: [] }), RangeError)
})
