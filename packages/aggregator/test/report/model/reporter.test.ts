import { createFleet, defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { createReporter } from '../../../src/report/model/reporter.ts'
import type { NoPast } from '../../../src/store/store.ts'
import { finding } from '../../store/fixtures.ts'

const NOW = 1_795_251_600
const nothing: NoPast = { why: 'nothing-kept', before: null, after: null }

function rig() {
  const state = {
    revision: 1,
    findingsRevision: 1,
    trouble: null as string | null,
    now: NOW,
    reads: 0,
    past: () => nothing,
  }
  const fleet = createFleet(NOW, defaultThresholds)
  const ended = [finding('cccccccccccccccc', '2026-11-21T08:30:00.000Z')]
  const reporter = createReporter({
    evaluation: { fleet, revision: () => state.revision },
    recorder: {
      endedFindings: () => ended,
      finding: (id) => ended.find((one) => one.id === id) ?? null,
      findingsRevision: () => state.findingsRevision,
      past: () => state.past(),
      trouble: () => state.trouble,
    },
    cluster: 'prod-eu',
    version: '0.1.0',
    externalUrl: '',
    retentionDays: 1,
    keepsPast: false,
    discovers: true,
    namespace: null,
    now: () => state.now,
  })
  return { state, fleet, reporter }
}

t.test('the present, and the past', async (t) => {
  const { reporter } = rig()
  t.match(await reporter.now(), { past: false, head: { cluster: 'prod-eu' } })
  t.match(await reporter.at(NOW - 1), { why: 'nothing-kept' })
})

t.test('an incident of an open finding, of one that ended, and of none', async (t) => {
  const { fleet, reporter } = rig()
  fleet.findings.set('aaaaaaaaaaaaaaaa', finding('aaaaaaaaaaaaaaaa'))
  t.match(await reporter.incident('aaaaaaaaaaaaaaaa'), { finding: { ended: null }, nodesUnknown: null })
  t.match(await reporter.incident('cccccccccccccccc'), {
    finding: { ended: '2026-11-21T08:30:00.000Z' },
    nodesUnknown: 'How the nodes stood then is not remembered.',
  })
  t.equal(await reporter.incident('ffffffffffffffff'), null)
})
