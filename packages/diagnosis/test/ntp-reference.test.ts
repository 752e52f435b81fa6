import type { ClockSample } from '@oddnode/protocol'
import t from 'tap'
import { agreedNtp, isSound, middleByNtp, ntpReference } from '../src/ntp-reference.ts'
import { clockWorld } from './clock-world.ts'
import { aggregatorClock, ntpClock, present } from './world.ts'

const viewOf = (...clocks: ClockSample[][]) => clockWorld(clocks)
const both = (offset: number, aggregator = 0) => [aggregatorClock(offset - aggregator), ntpClock(offset)]

t.test('what nodes read by NTP and by the aggregator says how far the aggregator is off', async (t) => {
  const view = viewOf(both(0, 7), both(-94, 7), [aggregatorClock(-7)])
  const reference = present(ntpReference(view))
  t.match(reference, { aggregatorSeconds: 7, alike: 2, told: 2, servers: ['192.0.2.1'], confirmed: true })
  t.ok(isSound(reference))
  t.equal(ntpReference(view), reference, 'worked out once')
})

t.test('nobody says so without NTP, nor without the aggregator', async (t) => {
  t.equal(ntpReference(viewOf([aggregatorClock(0)])), null)
  t.equal(ntpReference(viewOf([ntpClock(3)])), null)
})

t.test('nodes that say something else each are no reference', async (t) => {
  const view = viewOf(both(0, 0), both(0, 50), both(0, 100))
  t.notOk(isSound(present(ntpReference(view))))
  t.equal(middleByNtp(view), null)
})

t.test('servers that do not agree say nothing', async (t) => {
  const torn = [aggregatorClock(0), ntpClock(2), ntpClock(-2, '192.0.2.2')]
  t.equal(ntpReference(viewOf(torn)), null)
  t.match(ntpReference(viewOf(torn, both(0))), { alike: 1, told: 2 })
})

t.test('the middle of the nodes by NTP, and who of them is right', async (t) => {
  t.match(middleByNtp(viewOf(both(-94), both(-94), both(0))), { offsetSeconds: -94, right: 1 })
  t.match(middleByNtp(viewOf(both(-94), both(-94), both(10))), { offsetSeconds: -94, right: 1 })
  t.match(middleByNtp(viewOf(both(-94), both(-94), both(-84))), { offsetSeconds: -94, right: 0 })
  t.match(
    middleByNtp(viewOf(both(0), both(0), both(-94))),
    { offsetSeconds: 0, right: 0 },
    'the middle is right itself',
  )
  t.match(middleByNtp(viewOf(both(-94))), { offsetSeconds: -94, right: 0 }, 'of one node it is that node')
})

t.test('of servers that agree the surest tells, if they are more than half', async (t) => {
  const offset = (offsetSeconds: number, uncertaintySeconds: number) => ({
    ...{ offsetSeconds, uncertaintySeconds, takenAt: 0 },
    reference: `ntp ${offsetSeconds}`,
  })
  const of = (...ntp: ReturnType<typeof offset>[]) => agreedNtp({ ntp }, viewOf().fleet.thresholds)
  t.match(of(offset(2, 0.05), offset(2.01, 0.001), offset(9, 0.001)), { offsetSeconds: 2.01 })
  t.equal(of(offset(2, 0.001), offset(-2, 0.001)), null)
  t.equal(of(), null)
})
