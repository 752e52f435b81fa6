import t from 'tap'
import { carryWindows, type RestoredState, restoreWindows } from '../src/restore.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { addSamples, createWindows, expire, probeState } from '../src/window.ts'
import { good, clusterPlan as plan, planOf, present, samplesOf, timeout } from './world.ts'

const filled = (count = 6) => {
  const windows = createWindows(plan, defaultThresholds)
  for (let i = 0; i < count; i++)
    addSamples(
      windows,
      plan,
      samplesOf(plan, (probe) => (probe === 0 ? timeout : good())),
      1000 + i * 15,
    )
  return windows
}
const remembered = (): RestoredState[] => {
  const windows = filled()
  return plan.probes.map((_, probe) => ({ probe, ...probeState(windows, probe) }))
}

t.test('a restart forgets no state and no evidence', async (t) => {
  const windows = restoreWindows(plan, defaultThresholds, remembered())
  for (const { probe, ...state } of remembered()) t.same(probeState(windows, probe), state)
  t.same(restoreWindows(plan, defaultThresholds, [{ ...present(remembered()[0]), probe: 99 }]).held.size, 0)
})

t.test('a restart does not forget that a TTL does not count down', async (t) => {
  const old = createWindows(plan, defaultThresholds)
  const frozen = samplesOf(plan, () => ({ ...good(), ttl: 30 }))
  for (let i = 0; i < 6; i++) addSamples(old, plan, frozen, 1000 + i * 15)
  t.match(probeState(old, 0), { ttlStays: true })
  t.equal(probeState(old, 2).ttlStays, undefined, 'no cache')
  const windows = restoreWindows(plan, defaultThresholds, [{ probe: 0, ...probeState(old, 0) }])
  t.equal(windows.compared[0], old.compared[0])
  addSamples(windows, plan, frozen, 1100)
  t.equal(windows.compared[0], old.compared[0])
  const carried = carryWindows(old, plan, { ...plan, id: 'b2' }, defaultThresholds)
  t.match(probeState(carried, 0), { ttlStays: true })
})

t.test('a restored state holds until three fresh samples', async (t) => {
  const windows = restoreWindows(plan, defaultThresholds, remembered())
  const add = (at: number) =>
    addSamples(
      windows,
      plan,
      samplesOf(plan, (probe) => (probe === 0 ? timeout : good())),
      at,
    )
  t.same(add(1100), [])
  t.same(add(1115), [])
  t.match(probeState(windows, 0), { state: 'failing', asked: 5, since: 1000 })
  t.same(add(1130), [])
  t.match(
    probeState(windows, 0),
    { state: 'failing', asked: 3, since: 1000, badInARow: 3 },
    'it goes on, since it began',
  )
  t.match(probeState(windows, 1), { state: 'ok', asked: 3 })
})

t.test('three fresh good samples end a restored failure', async (t) => {
  const windows = restoreWindows(plan, defaultThresholds, remembered())
  for (const at of [1100, 1115, 1130])
    addSamples(
      windows,
      plan,
      samplesOf(plan, () => good()),
      at,
    )
  t.match(probeState(windows, 0), { state: 'ok', goodInARow: 3 })
})

t.test('a restored state becomes stale like any other', async (t) => {
  const windows = restoreWindows(plan, defaultThresholds, remembered())
  t.same(expire(windows, plan, 1134), [])
  t.equal(expire(windows, plan, 1135).length, 5)
  t.match(probeState(windows, 0), { state: 'no-data', reason: 'stale', outcome: 'timeout' })
})

t.test('a changed plan keeps the probes that both have, at their new places', async (t) => {
  const next = planOf(
    [
      { role: 'upstream', address: '192.0.2.1' },
      { role: 'node-local', address: '169.254.20.10' },
    ],
    'b2',
  )
  const old = filled()
  const windows = carryWindows(old, plan, next, defaultThresholds)
  t.equal(windows.planId, 'b2')
  t.same(probeState(windows, 1), probeState(old, 0))
  t.match(probeState(windows, 0), { state: 'no-data', reason: 'not-looked-at' })
})

t.test('what is held is carried too', async (t) => {
  const next = planOf([{ role: 'node-local', address: '169.254.20.10' }], 'b2')
  const windows = carryWindows(restoreWindows(plan, defaultThresholds, remembered()), plan, next, defaultThresholds)
  t.match(probeState(windows, 0), { state: 'failing', asked: 5 })
})

t.test('a probe without a sample before the restart has none after it', async (t) => {
  const unseen = createWindows(plan, defaultThresholds)
  const windows = restoreWindows(plan, defaultThresholds, [{ probe: 0, ...probeState(unseen, 0) }])
  t.match(probeState(windows, 0), { state: 'no-data', reason: 'not-looked-at', since: null, lastSampleAt: null })
  t.same(expire(windows, plan, 2000), [], 'what has no data cannot lose it')
})

t.test('a good state of unknown times says nothing of when', async (t) => {
  const windows = restoreWindows(plan, defaultThresholds, [
    { ...present(remembered()[1]), since: null, lastSampleAt: null },
  ])
  t.match(probeState(windows, 1), { state: 'ok', goodInARow: 6 })
  t.equal(windows.goodAt[1], -Infinity)
  t.match(expire(windows, plan, 2000), [{ probe: 1, from: 'ok', to: 'no-data', at: 2000 }])
})
