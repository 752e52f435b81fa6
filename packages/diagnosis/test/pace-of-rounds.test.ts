import t from 'tap'
import { createFleet } from '../src/fleet.ts'
import { fleetPace, paceOf } from '../src/pace-of-rounds.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { clusterPlan, createWorld, good, rounds, start } from './world.ts'

t.test('shorter rounds than usual: what waits for so many of them waits so much shorter', async (t) => {
  t.equal(paceOf({ intervalSeconds: 15 }), 1)
  t.equal(paceOf({ intervalSeconds: 3 }), 0.2)
  t.equal(paceOf({ intervalSeconds: 60 }), 1, 'longer ones do not make anything slower')
})

t.test('a fleet goes at the pace of its agents, whose rounds are alike', async (t) => {
  t.equal(fleetPace(createFleet(start, defaultThresholds)), 1, 'nobody is there yet')
  const world = createWorld(['a', 'b'], { ...clusterPlan, intervalSeconds: 3 })
  rounds(world, 1, () => good())
  t.equal(fleetPace(world.fleet), 0.2)
})
