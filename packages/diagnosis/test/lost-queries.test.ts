import t from 'tap'
import { lossOfOthers, lossRate, lossyCells, lostQueries } from '../src/lost-queries.ts'
import { sightOf } from '../src/sight.ts'
import { createWorld, good, present, rounds, type Sees, timeout, type World } from './world.ts'

const nodes = ['a', 'b', 'c']
/** node-local (probe 0) and cluster DNS (2), but no endpoint (4): each fourth query of b's pods is lost. */
const loses = (world: World): Sees => {
  return (node, vantage, probe) =>
    node === 'b' && vantage === 'pod' && probe !== 4 && (world.at / 15) % 4 === 0 ? timeout : good()
}
const lossy = (): World => {
  const world = createWorld(nodes)
  rounds(world, 5, () => good())
  rounds(world, 36, loses(world))
  return world
}
const sightOn = ({ fleet, at }: World, node: string) => sightOf(fleet, present(fleet.nodes.get(node)), at)

t.test('what a vantage lost, by server', async (t) => {
  const world = lossy()
  const lost = lostQueries(sightOn(world, 'b'), 'pod', 'udp')
  t.same(
    lost.map(({ role }) => role),
    ['node-local', 'cluster-dns', 'endpoint'],
  )
  t.ok(lost.slice(0, 2).every((one) => Math.abs(lossRate([one]) - 0.25) < 0.03))
  t.equal(lost[2]?.lost, 0)
  t.same(lostQueries({ ...sightOn(world, 'b'), agents: { host: null, pod: null } }, 'pod', 'udp'), [])
})

t.test('a rate over several servers', async (t) => {
  t.equal(
    lossRate([
      { asked: 10, lost: 1 },
      { asked: 30, lost: 9 },
    ]),
    0.25,
  )
  t.equal(lossRate([]), 0)
})

t.test('what the others lose, to any server or to some', async (t) => {
  const world = lossy()
  const { fleet, at } = world
  t.equal(lossOfOthers(fleet, at, 'b', 'udp'), 0)
  const seen = lossOfOthers(fleet, at, 'a', 'udp') ?? 0
  t.ok(seen > 0.02 && seen < 0.25)
  t.equal(lossOfOthers(fleet, at, 'a', 'udp', [{ address: '10.244.0.7' }]), 0)
  t.equal(lossOfOthers(fleet, at, 'a', 'udp', [{ address: '192.0.2.9' }]), null)
  const alone = createWorld(['a'])
  rounds(alone, 5, () => good())
  t.equal(lossOfOthers(alone.fleet, alone.at, 'a', 'udp'), null, 'there is no other')
})

t.test('the rows that show it: one of each server that lost some', async (t) => {
  const world = lossy()
  const sight = sightOn(world, 'b')
  const cells = lossyCells(sight, ['pod'], lostQueries(sight, 'pod', 'udp'))
  t.same(
    cells.map(({ target, planned }) => [target.role, planned.transport]),
    [
      ['node-local', 'udp'],
      ['cluster-dns', 'udp'],
    ],
  )
  t.same(lossyCells(sight, ['host'], []), [])
})
