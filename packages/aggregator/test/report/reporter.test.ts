import { createFleet, defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { createReporter } from '../../src/report/reporter.ts'

t.test('the same report until something may have changed', async (t) => {
  let revision = 1
  let trouble: string | null = null
  const fleet = createFleet(1_795_251_600, defaultThresholds)
  const evaluation = {
    fleet,
    take: () => ({ committed: null, wantFacts: false, suspects: [] }),
    takeCluster: () => {},
    tick: () => false,
    revision: () => revision,
  }
  const recorder = { endedFindings: () => [], trouble: () => trouble }
  const reporter = createReporter({ evaluation, recorder, cluster: 'prod-eu', version: '0.1.0' })
  const first = reporter.current()
  t.equal(reporter.current(), first)
  trouble = 'The disk is full.'
  revision++
  t.match(reporter.current(), { storage: 'The disk is full.', cluster: 'prod-eu' })
  t.match(JSON.parse([...reporter.whole()].join('')), { storage: 'The disk is full.', nodes: [] })
})
