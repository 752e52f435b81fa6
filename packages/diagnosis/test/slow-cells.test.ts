import t from 'tap'
import { updateLedger } from '../src/ledger.ts'
import { createSlowCells, isSlow, updateSlowCells } from '../src/slow-cells.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { createWorld, good, rounds, timeout, type World } from './world.ts'

const nodes = ['a', 'b', 'c', 'd']
/** How long each node's pods wait for an answer; hosts wait 1 ms. */
const worldWith = (seconds: (node: string, round: number) => number, names = nodes, count = 20): World => {
  const world = createWorld(names)
  for (let round = 0; round < count; round++)
    rounds(world, 1, (node, vantage) => good([], vantage === 'pod' ? seconds(node, round) : 0.001))
  return world
}
const slowIn = ({ fleet, at }: World): string[] => {
  updateLedger(fleet.ledger, fleet.agents)
  updateSlowCells(fleet, at)
  return [...fleet.slow.agents.keys()]
}

t.test(
  'slow beside the others: by a factor, by milliseconds that matter, and outside of their own spread',
  async (t) => {
    const slow = (seconds: number, median: number, deviation = 0) =>
      isSlow(seconds, { median, deviation }, defaultThresholds)
    t.ok(slow(0.05, 0.001))
    t.notOk(slow(0.009, 0.001), 'nobody notices eight milliseconds')
    t.notOk(slow(0.1, 0.04), 'not three times as slow')
    t.notOk(slow(0.05, 0.001, 0.006), 'the others differ as much among themselves')
  },
)

t.test('the node whose answers take long, and all of its slow probes', async (t) => {
  const world = worldWith((node) => (node === 'b' ? 0.08 : 0.001))
  t.same(slowIn(world), ['pod/b'])
  t.equal(world.fleet.slow.agents.get('pod/b')?.probes.length, world.plan.probes.length)
})

t.test('all alike, a noisy fleet, and one slow answer are none', async (t) => {
  t.same(slowIn(worldWith(() => 0.08)), [])
  t.same(slowIn(worldWith((node, round) => 0.001 + 0.02 * ((node.charCodeAt(0) * 7 + round * 3) % 5))), [])
  t.same(slowIn(worldWith((node, round) => (node === 'b' && round === 10 ? 0.5 : 0.001))), [])
})

t.test('two or three late answers of five are a tail, and no pace', async (t) => {
  t.same(slowIn(worldWith((node, round) => (node === 'b' && round % 2 === 1 ? 0.5 : 0.001))), [])
  t.same(slowIn(worldWith((node, round) => (node === 'b' && round >= 16 ? 0.5 : 0.001))), [])
  t.same(slowIn(worldWith((node, round) => (node === 'b' && round >= 15 ? 0.5 : 0.001))), ['pod/b'])
})

t.test('of two nodes nobody can say which is slow; what was never answered has no pace', async (t) => {
  t.same(slowIn(worldWith((node) => (node === 'b' ? 0.08 : 0.001), ['a', 'b'])), [])
  const world = createWorld(nodes)
  rounds(world, 5, (node) => (node === 'b' ? timeout : good()))
  t.same(slowIn(world), [])
})

t.test('looked over each 15 s, not at each tick', async (t) => {
  const world = worldWith(() => 0.001)
  t.same(slowIn(world), [])
  const { at } = world
  rounds(world, 8, (node) => good([], node === 'b' ? 0.08 : 0.001))
  t.same(slowIn({ ...world, at: at + 14 }), [])
  t.same(slowIn({ ...world, at: at + 15 }), ['host/b', 'pod/b'])
  t.same([...createSlowCells().agents], [])
})

t.test('of very many nodes some tell what is usual, and the slow one among the rest is found', async (t) => {
  const many = Array.from({ length: 250 }, (_, i) => `n${String(i).padStart(3, '0')}`)
  const world = worldWith((node) => (node === 'n101' ? 0.08 : 0.001), many, 8)
  t.same(slowIn(world), ['pod/n101'])
})
