import t from 'tap'
import { clockCause } from '../src/clock-cause.ts'
import { clockWorld, kept } from './faults/clock-world.ts'
import { aggregatorClock } from './world.ts'

/** What is known after some rounds in which the host of node-2 says this of what keeps its clock. */
const causeAfter = (changes: Parameters<typeof kept>[0]) => {
  const world = clockWorld()
  world.run(3, (node, vantage) => ({
    clock: [aggregatorClock(0)],
    ...(vantage === 'host' ? { facts: kept(node === 'node-2' ? changes : {}) } : {}),
  }))
  return clockCause('node-2', world.fleet)
}

t.test('what its host says of what keeps it', async (t) => {
  t.match(causeAfter({ daemon: 'none', synchronised: null, maxErrorSeconds: null }), /^No time daemon runs on node-2:/)
  t.match(causeAfter({ synchronised: false }), /^The time daemon of node-2 says that it is not synchronised:/)
})

t.test('nothing, where nothing is amiss or nothing is known', async (t) => {
  t.equal(causeAfter({}), null)
  t.equal(clockCause('node-9', clockWorld().fleet), null)
})
