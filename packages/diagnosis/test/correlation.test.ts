import t from 'tap'
import { correlationOf, correlationWords } from '../src/correlation.ts'
import { nodesScope } from '../src/scope.ts'
import { createWorld, good, present, rounds } from './world.ts'

/** Nodes by number; of each what it has, and whether it is heard. */
function fleetOf(count: number, attributes: (i: number) => Record<string, string>, isSilent = (_: number) => false) {
  const names = Array.from({ length: count }, (_, i) => `n${String(i).padStart(3, '0')}`)
  const world = createWorld(names)
  rounds(world, 1, () => good())
  rounds(world, 6, (node) => (isSilent(Number(node.slice(1))) ? null : good()))
  for (const node of world.fleet.nodes.values()) node.attributes = attributes(Number(node.name.slice(1)))
  return { fleet: world.fleet, at: world.at, names }
}
const wordsOf = ({ fleet, at, names }: ReturnType<typeof fleetOf>, isOdd: (i: number) => boolean) => {
  const correlation = correlationOf(
    { fleet, at },
    nodesScope(
      fleet,
      names.filter((_, i) => isOdd(i)),
    ),
  )
  return correlation === null ? null : correlationWords(correlation)
}
const zoned = (i: number) => ({ zone: i < 40 ? 'a' : 'b', kernel: '6.8' })

t.test('most of the nodes with an attribute, and no others', async (t) => {
  t.equal(
    wordsOf(fleetOf(120, zoned), (i) => i < 39),
    '39 of the 40 nodes with zone a are among them, and no others.',
  )
})

t.test('most of them have it, and others have not', async (t) => {
  t.equal(
    wordsOf(fleetOf(120, zoned), (i) => i < 41),
    '40 of the 40 nodes with zone a are among them, and 1 of the 80 without.',
  )
  t.equal(
    wordsOf(fleetOf(120, zoned), (i) => i > 0 && i < 41),
    '39 of the 40 nodes with zone a are among them, and 1 of the 80 without.',
  )
})

t.test('what goes together is told together, the best alone', async (t) => {
  const both = (i: number) => ({ ...zoned(i), cni: i < 40 ? 'cilium 1.16.5' : 'cilium 1.16.4' })
  t.match(
    wordsOf(fleetOf(120, both), (i) => i < 39),
    /^39 of the 40 nodes with cni cilium 1\.16\.5 and zone a are among them/,
  )
  const worse = (i: number) => ({ ...zoned(i), rack: i < 42 ? '1' : '2' })
  t.match(
    wordsOf(fleetOf(120, worse), (i) => i < 39),
    /^39 of the 40 nodes with zone a are among them/,
  )
})

t.test('nothing where something tells them apart entirely, or nothing tells them apart well', async (t) => {
  t.equal(
    wordsOf(fleetOf(120, zoned), (i) => i < 40),
    null,
  )
  t.equal(
    wordsOf(fleetOf(120, zoned), (i) => i < 25),
    '25 of the 40 nodes with zone a are among them, and no others.',
  )
  t.equal(
    wordsOf(fleetOf(60, zoned), (i) => i < 25),
    null,
    '15 of 35 others have it too',
  )
  t.equal(
    wordsOf(
      fleetOf(120, () => ({})),
      (i) => i < 40,
    ),
    null,
  )
})

t.test('of few nodes it would be chance', async (t) => {
  const { fleet, at, names } = fleetOf(5, (i) => ({ zone: i < 3 ? 'a' : 'b' }))
  t.equal(correlationOf({ fleet, at }, nodesScope(fleet, names.slice(0, 2))), null)
  t.equal(correlationOf({ fleet, at }, nodesScope(fleet, names.slice(0, 1))), null)
  t.equal(correlationOf({ fleet, at }, nodesScope(fleet, names.slice(0, 3))), null, 'of two others')
})

t.test('others are those that are heard now', async (t) => {
  const quiet = fleetOf(120, zoned, (i) => i === 39)
  t.same(nodesScope(quiet.fleet, quiet.names.slice(0, 39)).shared, { zone: 'a' }, 'the silent one tells nothing')
  const found = correlationOf(quiet, nodesScope(quiet.fleet, quiet.names.slice(0, 38)))
  t.match(present(found), { inside: 38, members: 38, outside: 1, others: 81 })
})
