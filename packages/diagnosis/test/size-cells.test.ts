import t from 'tap'
import { sightOf } from '../src/sight.ts'
import { failingFrom, isOnePacket, largeCells, lostAmong, octetsOf, overheadOf } from '../src/size-cells.ts'
import { faultWorld, type Sees } from './faults/fault-world.ts'
import { isLarge, largePlan } from './faults/large-plan.ts'
import { present } from './world.ts'

const sight = (sees: Sees = () => null, rounds = 6) => {
  const { world, run } = faultWorld({ plan: largePlan() })
  run(rounds, sees)
  return sightOf(world.fleet, present(world.fleet.nodes.get('node-2')), world.at)
}
const lost: Sees = (_, probe) =>
  probe.role === 'endpoint' && isLarge(probe, 1460) && probe.transport === 'udp' ? 'timeout' : null

t.test('large answers with EDNS that come over a wire', async (t) => {
  const cells = largeCells(sight())
  t.notOk(cells.some(({ target }) => target.role === 'node-local'))
  t.ok(cells.every(({ planned }) => planned.edns !== undefined))
  t.same([...new Set(cells.map(octetsOf))], [512, 1232, 1400, 1460, 1800, 4000])
})

t.test('one packet: by the MTU of the route, 1500 where that is not known', async (t) => {
  const here = sight()
  const of = (octets: number) => present(largeCells(here).find((cell) => octetsOf(cell) === octets))
  t.ok(isOnePacket(here, of(1460)))
  t.notOk(isOnePacket(here, of(1800)))
  const routed = { address: of(1460).target.address, device: 'eth0', mtu: 1450 }
  present(here.agents.host).facts = { routes: [routed] }
  t.notOk(isOnePacket(here, of(1460)))
  t.ok(isOnePacket(here, of(1400)))
})

t.test('headers are longer in IPv6', async (t) => {
  const cell = present(largeCells(sight())[0])
  t.equal(overheadOf(cell), 28)
  t.equal(overheadOf({ ...cell, target: { ...cell.target, address: 'fd00::1' } }), 48)
})

t.test('what is lost, and what fails from a size on', async (t) => {
  const here = sight(lost)
  t.same([...new Set(lostAmong(largeCells(here), ['timeout']).map(octetsOf))], [1460, 1800, 4000])
  t.same(lostAmong(largeCells(here), ['refused']), [])
  t.same([...new Set(failingFrom(here, 1800).map(octetsOf))], [1800, 4000])
})
