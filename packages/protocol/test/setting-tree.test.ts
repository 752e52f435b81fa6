import t from 'tap'
import { get, isTree, put, type Tree } from '../src/setting-tree.ts'

t.test('get', async (t) => {
  const tree = { a: { b: 1 }, list: [1] }
  t.equal(get(tree, 'a.b'), 1)
  t.equal(get(tree, 'a.c'), undefined)
  t.equal(get(tree, 'a.b.c'), undefined, 'through a value')
  t.equal(get(tree, 'constructor'), undefined, 'own keys only')
})

t.test('put', async (t) => {
  const tree: Tree = { taken: 5 }
  put(tree, 'a.b', 1)
  put(tree, 'a.c', 2)
  put(tree, 'taken.x', 3)
  t.strictSame(tree, { taken: 5, a: { b: 1, c: 2 } }, 'a value in the way stays')
})

t.test('isTree', async (t) => {
  t.equal(isTree({}), true)
  for (const other of [null, [], 'a', 1, undefined]) t.equal(isTree(other), false)
})
