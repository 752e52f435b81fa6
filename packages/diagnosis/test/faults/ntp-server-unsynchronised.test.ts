import type { ClockSample } from '@oddnode/protocol'
import t from 'tap'
import { aggregatorClock, ntpClock } from '../world.ts'
import { clockWorld, seen, servers, type Tells, troubled } from './clock-world.ts'

const without =
  (said: Partial<ClockSample>, on: (node: string) => boolean = () => true): Tells =>
  (node) => ({
    clock: [
      aggregatorClock(0),
      ...servers.map((server) =>
        server === '192.0.2.2' && on(node)
          ? troubled(server, { outcome: 'unsynchronised', ...said })
          : ntpClock(0, server),
      ),
    ],
  })
const noTime = { stratum: 0, leap: 3, error: 'stratum 0, INIT' }

t.test('a server that has no time', async (t) => {
  const world = clockWorld()
  t.same(world.run(1, without(noTime)), [], 'once is a start')
  const [finding, ...others] = world.run(1, without(noTime))
  t.same(others, [])
  t.match(finding, {
    fault: 'ntp-server-unsynchronised',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'cluster', subject: { address: '192.0.2.2' } },
    story: 'NTP server 192.0.2.2 answers, but has no time itself.',
  })
  t.equal(world.run(20, () => ({ clock: [aggregatorClock(0)] })).length, 1, 'it goes on while nobody asks')
  t.same(
    world.run(1, () => ({ clock: servers.map((server) => ntpClock(0, server)) })),
    [],
  )
})

t.test('each way to have no time, or none that can be used', async (t) => {
  for (const said of [
    { stratum: 16, leap: 0 },
    { stratum: 3, leap: 3 },
  ]) {
    t.match(seen(without(said)), [{ story: /has no time itself\.$/ }])
  }
  t.match(seen(without({ stratum: 3, leap: 0, error: 'root distance 2.5 s' })), [
    { story: 'NTP server 192.0.2.2 answers, but is too far from a clock to be used.' },
  ])
})

t.test('not where another node gets the time from it', async (t) => {
  t.same(seen(without(noTime, (node) => node === 'node-1')), [])
})

t.test('not a server that is silent, or sends a kiss', async (t) => {
  t.same(seen(without({ outcome: 'timeout' })), [])
  t.match(seen(without({ outcome: 'kiss-of-death', stratum: 0, referenceId: 'RATE' })), [
    { fault: 'ntp-server-sends-kiss-of-death' },
  ])
})
