import { setImmediate } from 'node:timers/promises'
import { createFleet, createNode, defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { createPresent } from '../../../src/report/model/present.ts'
import { finding } from '../../store/fixtures.ts'

const NOW = 1_795_251_600

function rig({ discovers = true } = {}) {
  const state = {
    revision: 1,
    findingsRevision: 1,
    trouble: null as string | null,
    error: null as Error | null,
    now: NOW,
    reads: 0,
    /** Each look at the clock takes so many seconds. */
    lookSeconds: 0,
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
      trouble: () => {
        if (state.error) throw state.error
        return state.trouble
      },
    },
    cluster: 'prod-eu',
    version: '0.1.0',
    keepsPast: false,
    discovers,
    namespace: null,
    now: () => {
      state.now += state.lookSeconds
      return state.now
    },
  })
  return { state, fleet, present }
}

t.test('the same moment until something may have changed', async (t) => {
  const { state, present } = rig()
  const first = await present.moment()
  t.equal(await present.moment(), first)
  state.revision++
  const [one, other] = await Promise.all([present.moment(), present.moment()])
  t.equal(one, other, 'made once for all who ask meanwhile')
  t.not(one, first)
  state.trouble = 'The disk is full.'
  state.revision++
  t.match((await present.moment()).head, { storage: 'The disk is full.', cluster: 'prod-eu' })
})

t.test('where nobody tells of the cluster, a machine answers of itself', async (t) => {
  const hiddenOf = async (discovers: boolean) => {
    const { fleet, present } = rig({ discovers })
    fleet.nodes.set('laptop', createNode('laptop', ['host']))
    return (await present.moment()).head.hidden
  }
  t.match(await hiddenOf(false), [/^The Kubernetes API is not asked/])
  t.strictSame(await hiddenOf(true), [], 'it has not told yet')
})

t.test('what takes long to make is not waited for, unless the one before is old', async (t) => {
  const { state, present } = rig()
  state.lookSeconds = 0.1
  const first = await present.moment()
  state.revision++
  t.equal(await present.moment(), first, 'a rest')
  state.now += 2
  t.equal(await present.moment(), first, 'while the next is made')
  await setImmediate()
  const second = await present.moment()
  t.not(second, first)
  state.revision++
  state.now += 11
  t.not(await present.moment(), second)
})

t.test('a failure is told to those who wait, and the next one tries again', async (t) => {
  const { state, present } = rig()
  state.error = new Error('a bug')
  await t.rejects(present.moment(), { message: 'a bug' })
  state.error = null
  state.lookSeconds = 0.1
  const first = await present.moment()
  state.error = new Error('another bug')
  state.revision++
  state.now += 2
  t.equal(await present.moment(), first)
  state.now += 11
  await t.rejects(present.moment(), { message: 'another bug' })
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
