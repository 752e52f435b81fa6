import t from 'tap'
import { failing } from '../src/cell-truth.ts'
import type { Fault, View } from '../src/fault.ts'
import { allFound, explainer, lookAround } from '../src/look.ts'
import { type AnyRule, type Case, fleetRule, nodeRule, targetRule } from '../src/rule.ts'
import { cellsOf } from '../src/sight.ts'
import {
  clusterDns,
  createWorld,
  good,
  nodeLocal,
  planOf,
  present,
  push,
  rounds,
  timeout,
  type World,
} from './world.ts'

const faultOf = (name: string, rules: readonly AnyRule[]): Fault => ({
  name,
  tier: 1,
  about: '',
  cause: '',
  remedy: '',
  references: [],
  notTakenFor: {},
  rules,
  covers: [],
})
const texts = { severity: 'info', title: '', story: '', confirm: [] } as const

/** Where pods get nothing from node-local DNS; what their TCP gets is explained by it. */
const onNodes = faultOf('on-nodes', [
  nodeRule<Case>({
    ...texts,
    cases: (sight) => {
      const cells = cellsOf(sight, { vantage: 'pod', role: 'node-local' })
      const [udp, ...rest] = cells
      return [{ since: 1, evidence: udp === undefined ? [] : [udp], explains: rest }]
    },
    signature: { 'it fails': ({ evidence }) => failing(evidence) },
  }),
])
const looked: string[] = []
const noting = faultOf('noting', [
  nodeRule<Case>({
    ...texts,
    cases: ({ node }) => {
      looked.push(node.name)
      return []
    },
    signature: {},
  }),
])
const onServers = faultOf('on-servers', [
  targetRule({
    ...texts,
    cases: ({ target }) => [{ since: 1, evidence: [], target }],
    signature: { 'it is an endpoint': ({ target }) => (target.role === 'endpoint' ? 'yes' : 'no') },
  }),
])
const onAll = faultOf('on-all', [fleetRule({ ...texts, cases: () => [{ since: 1, evidence: [] }], signature: {} })])

const view = ({ fleet, at }: World): View => ({ fleet, at })
const worldWith = (names: string[]): World => {
  const world = createWorld(names)
  rounds(world, 5, () => good())
  return world
}
const breakOn = (world: World, ...odd: string[]) =>
  rounds(world, 5, (node, vantage, probe) => (odd.includes(node) && vantage === 'pod' && probe < 2 ? timeout : good()))
const found = (world: World) => allFound(world.fleet).map(({ fault, match }) => `${fault.name} ${match.place}`)

t.test('rules look at nodes, at servers and at the whole; what they find is in the order of places', async (t) => {
  const world = worldWith(['b', 'a', 'c'])
  breakOn(world, 'b', 'a')
  lookAround([onAll, onServers, onNodes], view(world))
  t.same(found(world), ['on-nodes a', 'on-nodes b', 'on-servers endpoint 10.244.0.7 53', 'on-all '])
})

t.test('a node is looked at when something changed there, and again while something is odd', async (t) => {
  const world = worldWith(['a', 'b'])
  const look = () => {
    looked.length = 0
    const { odd } = lookAround([noting], view(world))
    return { names: [...looked].sort(), odd }
  }
  t.same(look(), { names: ['a', 'b'], odd: 0 })
  t.same(look(), { names: [], odd: 0 })
  breakOn(world, 'b')
  t.same(look(), { names: ['b'], odd: 1 })
  t.same(look(), { names: [], odd: 1 })
  world.at += 3
  t.same(look(), { names: ['b'], odd: 1 })
})

t.test('what is not there any more is not found any more', async (t) => {
  const world = worldWith(['a', 'b'])
  breakOn(world, 'a', 'b')
  lookAround([onNodes], view(world))
  t.equal(found(world).length, 2)
  world.fleet.nodes.delete('b')
  world.fleet.agents.delete('pod/b')
  world.fleet.agents.delete('host/b')
  lookAround([onNodes], view(world))
  t.same(found(world), ['on-nodes a'])
  world.plan = planOf([{ role: 'cluster-dns', address: clusterDns }], 'b2')
  push(world, 'a', 'pod', () => good())
  lookAround([onNodes], view(world))
  t.same(found(world), [])
})

t.test('what is found accounts for its rows and for what it explains, on that node alone', async (t) => {
  const world = worldWith(['a', 'b'])
  breakOn(world, 'a', 'b')
  t.notOk(explainer(world.fleet)(present(world.fleet.agents.get('pod/a')), 0))
  lookAround([onNodes], view(world))
  const isExplained = explainer(world.fleet)
  const explained = (key: string) =>
    world.plan.probes.flatMap((_, probe) => (isExplained(present(world.fleet.agents.get(key)), probe) ? [probe] : []))
  t.same(explained('pod/a'), [0, 1])
  t.same(explained('host/a'), [])
})

t.test('what is wrong on one node may account for rows of another', async (t) => {
  const world = worldWith(['a', 'b'])
  const beyond = faultOf('beyond', [
    nodeRule<Case>({
      ...texts,
      cases: ({ node, fleet }) => {
        const pod = (name: string) => ({ agents: { host: null, pod: present(fleet.agents.get(`pod/${name}`)) } })
        const cells = (name: string) => cellsOf(pod(name), { vantage: 'pod', role: 'endpoint' })
        return node.name === 'a' ? [{ since: 1, evidence: cells('a'), explains: cells('b') }] : []
      },
      signature: {},
    }),
  ])
  lookAround([beyond], view(world))
  const isExplained = explainer(world.fleet)
  t.ok(isExplained(present(world.fleet.agents.get('pod/b')), 4))
  t.notOk(isExplained(present(world.fleet.agents.get('pod/b')), 3))
})

t.test('of very many that changed some are looked at in each go, until none waits', async (t) => {
  const names = Array.from({ length: 600 }, (_, i) => `n${String(i).padStart(3, '0')}`)
  const world = worldWith(names)
  looked.length = 0
  const waiting = [0, 1, 2, 3].map(() => lookAround([noting], view(world)).waiting)
  t.equal(waiting.at(-1), 0)
  t.ok((waiting[0] ?? 0) > 0)
  t.same([...looked].sort(), names)
})

t.test('in a large fleet rules about the whole take turns, and what they found stands meanwhile', async (t) => {
  const names = Array.from({ length: 501 }, (_, i) => `n${String(i).padStart(3, '0')}`)
  const world = createWorld(names, planOf([{ role: 'node-local', address: nodeLocal }]), ['pod'])
  rounds(world, 1, () => good())
  let asked = 0
  const counting = faultOf('counting', [
    fleetRule({
      ...texts,
      cases: () => {
        asked++
        return [{ since: 1, evidence: [] }]
      },
      signature: {},
    }),
  ])
  for (let tick = 0; tick < 30; tick++) lookAround([counting], { ...view(world), at: world.at + tick })
  t.equal(asked, 3)
  t.same(found(world), ['counting '])
})

t.test('while very many wait it is told each second only, and when none waits any more', async (t) => {
  const names = Array.from({ length: 1000 }, (_, i) => `n${String(i).padStart(4, '0')}`)
  const world = worldWith(names)
  const tell = (seconds: number) => lookAround([noting], { ...view(world), at: world.at + seconds }).isTold
  const told = [0, 0.1, 0.2, 0.3, 1, 1.1, 1.2, 1.3].map(tell)
  t.same(told, [true, false, false, false, true, false, true, true])
})
