import assert from 'node:assert/strict'
import type { Observation, Vantage } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { agentKey, type FleetAgent } from '../src/fleet.ts'
import {
  type ColumnTally,
  columnKey,
  createLedger,
  type Ledger,
  sortedAgents,
  takeDirty,
  takeReplanned,
  updateLedger,
} from '../src/ledger.ts'
import { clusterDns, createWorld, good, planOf, push, rounds, timeout, type World } from './world.ts'

const update = ({ fleet }: World): Ledger => {
  updateLedger(fleet.ledger, fleet.agents)
  return fleet.ledger
}
const keyOf = ({ node, vantage }: FleetAgent) => agentKey(node, vantage)
const words = ({ columns }: Ledger) =>
  [...columns.values()]
    .filter(({ ok, degraded, failing }) => ok + degraded + failing > 0)
    .map(({ vantage, target, transport, ok, degraded, failing, answers }) => {
      const counts = [ok, degraded, failing].join('/')
      return `${vantage} ${target.role} ${transport} ${counts} ${JSON.stringify([...answers].sort())}`
    })
    .sort()

t.test('columns count the states of all nodes, and what they answer', async (t) => {
  const world = createWorld(['a', 'b', 'c'])
  t.same(words(update(world)), [])
  rounds(world, 5, (node, vantage, probe) =>
    node === 'b' && vantage === 'pod' && probe === 0 ? timeout : good(node === 'c' && probe === 2 ? ['x'] : ['y']),
  )
  const ledger = update(world)
  const column = (vantage: Vantage, probe: number): ColumnTally => {
    const { role, address } = world.plan.targets[world.plan.probes[probe]?.target ?? -1] ?? {}
    const found = [...ledger.columns.values()].find(
      (one) =>
        one.vantage === vantage &&
        one.target.role === role &&
        one.target.address === address &&
        one.transport === world.plan.probes[probe]?.transport,
    )
    if (found === undefined) throw new Error('no such column')
    return found
  }
  t.match(column('pod', 0), { ok: 2, degraded: 0, failing: 1, plain: true })
  t.match(column('host', 0), { ok: 3, failing: 0 })
  t.same([...column('host', 2).answers.values()].sort(), [1, 2])
  t.equal(column('host', 0).answers.size, 1)
  t.same([...ledger.failing].map(keyOf), ['pod/b'])
})

t.test('an agent that went and came back between two counts is another one', async (t) => {
  const world = createWorld(['a'], undefined, ['host'])
  push(world, 'a', 'host', () => good())
  const [before] = sortedAgents(update(world), world.fleet.agents)
  world.fleet.agents.clear()
  push(world, 'a', 'host', () => good())
  const [after] = sortedAgents(update(world), world.fleet.agents)
  t.not(after, before)
  t.equal(after, world.fleet.agents.get(agentKey('a', 'host')))
})

t.test('only what changed is dirty, and only once', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 5, () => good())
  const { ledger } = world.fleet
  update(world)
  t.same(takeDirty(ledger), ['a', 'b'])
  t.same(takeDirty(ledger), [])
  rounds(world, 1, () => good())
  update(world)
  t.same(takeDirty(ledger), [])
  rounds(world, 3, (node) => (node === 'b' ? timeout : good()))
  update(world)
  t.same(takeDirty(ledger), ['b'])
})

t.test('an agent that goes, and one that asks something else, leave no count behind', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 5, (node) => (node === 'b' ? timeout : good()))
  const { ledger } = world.fleet
  update(world)
  t.same(takeReplanned(ledger), [])
  world.fleet.agents.delete('pod/b')
  world.fleet.agents.delete('host/b')
  t.notOk(
    words(update(world)).some((word) => /\/[1-9]\d* /.test(word)),
    'nothing fails',
  )
  t.equal(ledger.failing.size, 0)
  t.same(takeReplanned(ledger), ['b'])
  world.plan = planOf([{ role: 'cluster-dns', address: clusterDns }], 'b2')
  push(world, 'a', 'pod', () => good())
  push(world, 'a', 'host', () => good())
  update(world)
  t.same(takeReplanned(ledger), ['a'])
  t.same([...ledger.byTarget.keys()], ['cluster-dns 10.96.0.10 53'])
})

t.test('agents come in order of node and vantage, whenever they came', async (t) => {
  const world = createWorld(['b', 'a'])
  rounds(world, 1, () => good())
  const order = () => sortedAgents(update(world), world.fleet.agents).map(({ node, vantage }) => `${node} ${vantage}`)
  t.same(order(), ['a host', 'a pod', 'b host', 'b pod'])
  world.fleet.agents.delete('host/b')
  push({ ...world, plan: world.plan }, 'aa', 'pod', () => good())
  t.same(order(), ['a host', 'a pod', 'aa pod', 'b pod'])
})

t.test('a column is a cell from one vantage', async (t) => {
  t.equal(new Set([0, 1, 2].flatMap((id) => [columnKey(id, 'host'), columnKey(id, 'pod')])).size, 6)
})

t.test(
  'whatever changes, and however often it is counted in between: the counts are those of a count from the start',
  async () => {
    const sees = fc.array(
      fc.record({
        node: fc.constantFrom('a', 'b', 'c'),
        vantage: fc.constantFrom<Vantage>('host', 'pod'),
        bad: fc.nat(31),
        replan: fc.boolean(),
        goes: fc.boolean(),
        counted: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(sees, (all) => {
        const world = createWorld(['a', 'b', 'c'])
        const other = { ...world.plan, id: 'b2', probes: world.plan.probes.slice(1, 4) }
        const whole = world.plan
        for (const { node, vantage, bad, replan, goes, counted } of all) {
          world.at += 11
          world.plan = replan ? other : whole
          const see = (probe: number): Observation => ((bad >> probe) % 2 === 1 ? timeout : good([String(bad >> 3)]))
          push(world, node, vantage, see)
          if (goes) world.fleet.agents.delete(`host/${node}`)
          if (counted) update(world)
        }
        const anew = createLedger()
        updateLedger(anew, world.fleet.agents)
        assert.deepEqual(
          words(update(world)).map((word) => word.replace(/ \[.*/, '')),
          words(anew).map((word) => word.replace(/ \[.*/, '')),
        )
        assert.deepEqual([...world.fleet.ledger.failing].map(keyOf).sort(), [...anew.failing].map(keyOf).sort())
      }),
      { numRuns: 60 },
    )
  },
)
