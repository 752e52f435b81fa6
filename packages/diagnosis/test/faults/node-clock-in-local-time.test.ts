import t from 'tap'
import { aggregatorClock } from '../world.ts'
import { clockWorld, type Tells } from './clock-world.ts'

const off =
  (seconds: number): Tells =>
  (node) => ({ clock: [aggregatorClock(node === 'node-3' ? seconds : 0)] })

/** What is visible, and the story of what it covers. */
function told(seconds: number) {
  const world = clockWorld()
  const visible = world.run(3, off(seconds))
  const covered = visible.flatMap(({ covers }) => covers.map((id) => world.fleet.findings.get(id)))
  return { visible: visible.map(({ fault }) => fault), hints: covered.map((finding) => finding?.story) }
}

t.test('a hint inside the finding of the wrong clock', async (t) => {
  t.same(told(32_400), {
    visible: ['node-clock-wrong'],
    hints: ['node-3 is off by 9 hours: its hardware clock is probably kept in local time.'],
  })
  t.same(told(-19_796).hints, ['node-3 is off by 5.5 hours: its hardware clock is probably kept in local time.'])
  t.same(told(3600).hints, ['node-3 is off by 1 hour: its hardware clock is probably kept in local time.'])
})

t.test('not for what is no whole number of half-hours', async (t) => {
  t.same(told(32_406), { visible: ['node-clock-wrong'], hints: [] })
  t.same(told(900).hints, [])
})

t.test('not for what is near none of them', async (t) => {
  t.same(told(3).hints, [])
})

t.test('it ends with the fault', async (t) => {
  const world = clockWorld()
  world.run(3, off(32_400))
  t.same(world.run(1, off(0)), [])
  t.same(
    [...world.fleet.findings.values()].filter(({ ended }) => ended === null),
    [],
  )
})
