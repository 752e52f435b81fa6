import t from 'tap'
import { faults } from '../src/faults/registry.ts'
import { onOneNode, showing } from './faults/canonical.ts'
import { faultWorld, type Sees, type Wrong } from './faults/fault-world.ts'

// No fault is taken for its look-alike, and of two at once both are found.

const nodes = ['node-1', 'node-2', 'node-3', 'node-4']
const told = (onNodes: Readonly<Record<string, string>>): string[] =>
  faultWorld({ nodes })
    .run(8, showing(onNodes))
    .map(({ fault, scope }) => `${fault} on ${scope.nodes.join()}`)
    .sort()
const wanted = (onNodes: Readonly<Record<string, string>>): string[] =>
  Object.entries(onNodes)
    .map(([node, fault]) => `${fault} on ${node}`)
    .sort()

const names = Object.keys(onOneNode)

t.test('each fault is told by its name, and nothing beside it', async (t) => {
  for (const name of names) {
    t.ok(faults.some((fault) => fault.name === name))
    t.same(told({ 'node-2': name }), wanted({ 'node-2': name }))
  }
})

t.test('two faults on two nodes are both told, each by its name', async (t) => {
  for (const [i, one] of names.entries()) {
    for (const other of names.slice(i + 1)) {
      const both = { 'node-2': one, 'node-4': other }
      t.same(told(both), wanted(both))
    }
  }
})

/** Both on node-2: what is lost to one of them is lost, whatever the other would answer. */
function bothOnOne(one: string, other: string): Sees {
  const isSilent = (wrong: Wrong | undefined) => wrong === 'timeout' || wrong === 'denied'
  return (node, probe) => {
    if (node !== 'node-2') return null
    const shown = [onOneNode[one]?.(probe), onOneNode[other]?.(probe)]
    return shown.find(isSilent) ?? shown.find((wrong) => wrong !== null) ?? null
  }
}

/** Pairs that leave each other enough to be told by. */
const besideEachOther: readonly (readonly [string, string])[] = [
  ['node-local-dns-not-running', 'service-rules-broken-on-node'],
  ['node-local-dns-not-running', 'host-cannot-use-cluster-ip'],
  ['node-local-dns-not-running', 'network-policy-blocks-dns'],
  ['node-local-dns-not-running', 'tcp-53-blocked'],
  ['node-local-dns-not-running', 'udp-53-blocked'],
  ['service-rules-broken-on-node', 'network-policy-blocks-dns'],
  ['service-rules-broken-on-node', 'node-cut-off-from-pod-network'],
  ['service-rules-broken-on-node', 'pods-have-no-network'],
  ['service-rules-broken-on-node', 'tcp-53-blocked'],
  ['service-rules-broken-on-node', 'udp-53-blocked'],
  ['tcp-53-blocked', 'node-cut-off-from-pod-network'],
  ['upstream-resolver-failing', 'service-rules-broken-on-node'],
  ['upstream-resolver-failing', 'network-policy-blocks-dns'],
]

t.test('two faults on one node are both told, each by its name, where neither hides the other', async (t) => {
  for (const [one, other] of besideEachOther) {
    const names = faultWorld({ nodes }).run(10, bothOnOne(one, other))
    t.same(names.map(({ fault }) => fault).sort(), [one, other].sort(), `${one} and ${other}`)
  }
})

/** What hides the other one is told, or what the two are together; of what is left it is said that nothing explains it. */
const together: Readonly<Record<string, string>> = { 'tcp-53-blocked and udp-53-blocked': 'dns-blocked-on-node' }

t.test('no two faults on one node are called by the name of a third', async (t) => {
  for (const [i, one] of names.entries()) {
    for (const other of names.slice(i + 1)) {
      const pair = `${one} and ${other}`
      const told = faultWorld({ nodes }).run(10, bothOnOne(one, other))
      const mayBe = [one, other, 'unexplained-difference', together[pair]]
      t.ok(told.length > 0, pair)
      t.same(
        told.map(({ fault }) => fault).filter((fault) => !mayBe.includes(fault)),
        [],
        pair,
      )
    }
  }
})
