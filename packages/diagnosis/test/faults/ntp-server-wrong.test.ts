import t from 'tap'
import { aggregatorClock, ntpClock, start } from '../world.ts'
import { clockPlan, clockWorld, seen, servers, type Tells, threeNodes } from './clock-world.ts'

/** What each node reads of each server, by how far the server is ahead. */
const reading =
  (aheadBy: (node: string, server: string) => number, uncertainty = 0.001): Tells =>
  (node) => ({
    clock: [aggregatorClock(0), ...servers.map((server) => ntpClock(-aheadBy(node, server), server, uncertainty))],
  })

const third = reading((_, server) => (server === '192.0.2.3' ? 2 : 0))

t.test('one server of three is off for all nodes', async (t) => {
  const [finding, ...others] = seen(third)
  t.same(others, [])
  t.match(finding, {
    fault: 'ntp-server-wrong',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'cluster', subject: { address: '192.0.2.3' } },
    story: 'NTP server 192.0.2.3 is 2 s ahead, the others agree.',
  })
  t.match(seen(reading((_, server) => (server === '192.0.2.1' ? -0.3 : 0))), [
    { story: 'NTP server 192.0.2.1 is 300 ms behind, the others agree.' },
  ])
})

t.test('two servers are no majority', async (t) => {
  const two: Tells = () => ({ clock: [aggregatorClock(0), ntpClock(0, '192.0.2.1'), ntpClock(-2, '192.0.2.2')] })
  const [finding, ...others] = seen(two, 6, threeNodes, clockPlan(['192.0.2.1', '192.0.2.2']))
  t.same(others, [])
  t.match(finding, {
    fault: 'ntp-server-wrong',
    severity: 'info',
    scope: { kind: 'cluster' },
    story: 'The two servers 192.0.2.1 and 192.0.2.2 differ by 2 s; two are no majority.',
  })
  const unsure: Tells = () => ({
    clock: [aggregatorClock(0), ntpClock(0, '192.0.2.1', 1), ntpClock(-2, '192.0.2.2', 1)],
  })
  t.same(seen(unsure, 6, threeNodes, clockPlan(['192.0.2.1', '192.0.2.2'])), [])
})

t.test('not while a clock has just stepped: one server was read before it, the other after', async (t) => {
  const world = clockWorld(threeNodes, clockPlan(['192.0.2.1', '192.0.2.2']))
  const torn: Tells = (_, __, at) => ({
    clock: [aggregatorClock(0), ntpClock(0, '192.0.2.1'), ntpClock(-2, '192.0.2.2')],
    ...(at === start + 60 ? { clockSteps: [{ ageSeconds: 20, seconds: -2, asleep: false }] } : {}),
  })
  const faults = (rounds: number) => world.run(rounds, torn).map(({ fault }) => fault)
  world.run(3, () => ({ clock: [aggregatorClock(0), ntpClock(0, '192.0.2.1'), ntpClock(0, '192.0.2.2')] }))
  t.same(faults(9), ['node-clock-stepped'])
  t.ok(faults(3).includes('ntp-server-wrong'), 'and not because of that for ever')
})

t.test('not inside the uncertainty', async (t) => {
  t.same(seen(reading((_, server) => (server === '192.0.2.3' ? 0.3 : 0), 0.3)), [])
})

t.test('not for fewer than three nodes, and not for few of many', async (t) => {
  const forSome = (count: number) =>
    reading((node, server) => (server === '192.0.2.3' && Number(node.slice(5)) <= count ? 2 : 0))
  t.same(seen(forSome(2)), [])
  const many = Array.from({ length: 8 }, (_, i) => `node-${i + 1}`)
  t.same(seen(forSome(3), 6, many), [])
  t.match(seen(forSome(5), 6, many), [{ fault: 'ntp-server-wrong' }])
})

t.test('not where each node sees it off by something else', async (t) => {
  t.same(seen(reading((node, server) => (server === '192.0.2.3' ? 2 * (Number(node.slice(5)) - 2) : 0))), [])
})

t.test('fewer than three nodes in all: possible', async (t) => {
  t.match(seen(third, 6, ['node-1']), [{ fault: 'ntp-server-wrong', confidence: 'possible' }])
})

t.test('one node off against all servers is its clock', async (t) => {
  const row: Tells = (node) => {
    const off = node === 'node-2' ? -94 : 0
    return { clock: [aggregatorClock(off), ...servers.map((server) => ntpClock(off, server))] }
  }
  t.match(seen(row), [{ fault: 'node-clock-wrong', scope: { nodes: ['node-2'] } }])
})

t.test('it ends when the server agrees, not while nobody asks', async (t) => {
  const world = clockWorld()
  t.equal(world.run(4, third).length, 1)
  t.equal(world.run(20, () => ({ clock: [aggregatorClock(0)] })).length, 1)
  t.same(
    world.run(
      1,
      reading(() => 0),
    ),
    [],
  )
})

t.test('not where three of eight nodes see it off alike, and the others by something else', async (t) => {
  const ahead = [0.5, 1, 2, 2, 2, 4, 6, 8]
  const many = ahead.map((_, i) => `node-${i + 1}`)
  t.notOk(
    seen(
      reading((node, server) => (server === '192.0.2.3' ? (ahead[Number(node.slice(5)) - 1] ?? 0) : 0)),
      6,
      many,
    ).some(({ fault }) => fault === 'ntp-server-wrong'),
  )
})
