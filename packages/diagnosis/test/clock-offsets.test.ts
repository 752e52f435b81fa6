import t from 'tap'
import { certainSeconds, median, nodeClock } from '../src/clock-offsets.ts'
import { aggregatorClock, createWorld, good, ntpClock, present, push } from './world.ts'

const clockOf = (host: Parameters<typeof push>[4], pod: Parameters<typeof push>[4] = {}, later = 0) => {
  const world = createWorld(['node-1'])
  world.at += 60
  push(world, 'node-1', 'host', () => good(), host)
  push(world, 'node-1', 'pod', () => good(), pod)
  return nodeClock(world.fleet, present(world.fleet.nodes.get('node-1')), world.at + later)
}

t.test('host and pod share a clock: the surest fresh reading of either counts', async (t) => {
  const clock = clockOf(
    { clock: () => [aggregatorClock(1, 0.1), ntpClock(3)] },
    { clock: () => [aggregatorClock(2, 0.01)] },
  )
  t.match(clock, {
    aggregator: { offsetSeconds: 2, reference: 'aggregator' },
    ntp: [{ offsetSeconds: 3, reference: 'ntp 192.0.2.1' }],
  })
})

t.test('what is stale, unanswered or contradicted does not count', async (t) => {
  t.equal(clockOf({ clock: () => [aggregatorClock(1)] }, {}, 61).aggregator, null)
  const silent = { ...ntpClock(0), outcome: 'timeout' as const, offsetSeconds: null, uncertaintySeconds: null }
  t.same(clockOf({ clock: () => [silent] }).ntp, [])
  const contradicted = { ...ntpClock(5), secondOpinion: { offsetSeconds: 0, uncertaintySeconds: 0.01, agrees: false } }
  t.same(clockOf({ clock: () => [contradicted] }).ntp, [])
})

t.test('arithmetic', async (t) => {
  t.equal(certainSeconds({ offsetSeconds: -2, uncertaintySeconds: 0.5 }), 1.5)
  t.equal(certainSeconds({ offsetSeconds: 0.1, uncertaintySeconds: 0.5 }), 0)
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([4, 1, 2, 3]), 2.5)
  t.ok(Number.isNaN(median([])))
})
