import t from 'tap'
import { faults } from '../src/faults/registry.ts'
import { onOneNode, showing } from './faults/canonical.ts'
import { faultWorld } from './faults/fault-world.ts'

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
