import type { ClockSample } from '@oddnode/protocol'
import t from 'tap'
import { aggregatorClock, ntpClock } from '../world.ts'
import { clockWorld, seen, servers, type Tells, threeNodes, troubled } from './clock-world.ts'

const kissed =
  (nodes: readonly string[], said: Partial<ClockSample>): Tells =>
  (node) => ({
    clock: [
      aggregatorClock(0),
      ...servers.map((server) =>
        server === '192.0.2.1' && nodes.includes(node)
          ? troubled(server, { outcome: 'kiss-of-death', stratum: 0, ...said })
          : ntpClock(0, server),
      ),
    ],
  })

t.test('a server that asks one node to slow down', async (t) => {
  const [finding, ...others] = seen(kissed(['node-2'], { referenceId: 'RATE' }))
  t.same(others, [])
  t.match(finding, {
    fault: 'ntp-server-sends-kiss-of-death',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'], subject: { address: '192.0.2.1' } },
    story: 'NTP server 192.0.2.1 asks us to slow down.',
  })
})

t.test('or all of them to stop: it goes on, because nobody asks any more', async (t) => {
  for (const referenceId of ['DENY', 'RSTR']) {
    const world = clockWorld()
    t.match(world.run(2, kissed(threeNodes, { referenceId })), [
      { scope: { kind: 'cluster' }, story: 'NTP server 192.0.2.1 asks us to stop.' },
    ])
    t.equal(world.run(20, () => ({ clock: [aggregatorClock(0)] })).length, 1)
    t.same(world.run(1, kissed([], {})), [])
  }
})

t.test('after readings it came all the same', async (t) => {
  const late: Tells = () => ({
    clock: servers.map((server) => ({ ...ntpClock(0, server), error: "kiss-o'-death RATE" })),
  })
  t.equal(seen(late).length, 3)
})

t.test('not another word of a server without time', async (t) => {
  t.same(seen(kissed(['node-1'], { referenceId: 'INIT' })), [])
  t.match(
    seen(kissed(threeNodes, { outcome: 'unsynchronised', referenceId: 'INIT', leap: 3, error: 'stratum 0, INIT' })),
    [{ fault: 'ntp-server-unsynchronised' }],
  )
})

t.test('not a kiss without its code, nor another complaint after readings', async (t) => {
  t.same(seen(kissed(threeNodes, {})), [])
  const complains: Tells = () => ({ clock: servers.map((server) => ({ ...ntpClock(0, server), error: 'bogus' })) })
  t.notOk(seen(complains).some(({ fault }) => fault === 'ntp-server-sends-kiss-of-death'))
})
