import t from 'tap'
import { nodeFails, nodeIsUnwell } from '../src/node-fails.ts'
import type { Sees } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'

const onNode2 =
  (got: 'timeout' | 'late'): Sees =>
  (node, { role }) =>
    node === 'node-2' && role === 'endpoint' ? got : null

t.test('a node on which a probe fails', async (t) => {
  t.ok(nodeFails(sightAfter(onNode2('timeout'))))
  t.notOk(nodeFails(sightAfter(onNode2('timeout'), { node: 'node-1' })))
})

t.test('late answers are no failure, and not well', async (t) => {
  const late = sightAfter(onNode2('late'))
  t.notOk(nodeFails(late))
  t.ok(nodeIsUnwell(late))
  t.ok(nodeIsUnwell(sightAfter(onNode2('timeout'))))
  t.notOk(nodeIsUnwell(sightAfter(() => null)))
  t.notOk(nodeIsUnwell({ agents: { host: null, pod: null } }))
})
