import { createFleet, defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { createPresent } from '../../../src/report/model/present.ts'
import { finding } from '../../store/fixtures.ts'

const NOW = 1_795_251_600

function rig() {
  const state = {
    revision: 1,
    findingsRevision: 1,
    trouble: null as string | null,
    now: NOW,
    reads: 0,
  }
  const fleet = createFleet(NOW, defaultThresholds)
  const ended = [finding('cccccccccccccccc', '2026-11-21T08:30:00.000Z')]
  const present = createPresent({
    evaluation: { fleet, revision: () => state.revision },
    recorder: {
      endedFindings: () => {
        state.reads++
        return ended
      },
      findingsRevision: () => state.findingsRevision,
      trouble: () => state.trouble,
    },
    cluster: 'prod-eu',
    version: '0.1.0',
    keepsPast: false,
    namespace: null,
    now: () => state.now,
  })
  return { state, fleet, present }
}

t.test('the same moment until something may have changed', async (t) => {
  const { state, present } = rig()
  const first = await present.moment()
  t.equal(await present.moment(), first)
  t.equal(present.moment(), present.moment(), 'made once for all who ask meanwhile')
  state.trouble = 'The disk is full.'
  state.revision++
  t.match((await present.moment()).head, { storage: 'The disk is full.', cluster: 'prod-eu' })
})

t.test('what ended is read again when something ended, and each minute', async (t) => {
  const { state, present } = rig()
  const next = async () => {
    state.revision++
    await present.moment()
    return state.reads
  }
  t.equal(await next(), 1)
  t.equal(await next(), 1)
  state.findingsRevision++
  t.equal(await next(), 2)
  state.now += 60
  t.equal(await next(), 3)
})

t.test('what ended just now is told before it is committed', async (t) => {
  const { fleet, present } = rig()
  fleet.findings.set('dddddddddddddddd', finding('dddddddddddddddd', '2026-11-21T08:59:59.000Z'))
  t.match((await present.moment()).head.findings, [{ id: 'dddddddddddddddd' }, { id: 'cccccccccccccccc' }])
})
