import t from 'tap'
import { isOfNodes, nodeEvents } from '../../src/kubernetes/node-event.ts'
import { findingOf } from './finding-of.ts'

t.test('one event for each node', async (t) => {
  const events = nodeEvents(
    findingOf('f1', { scope: { kind: 'group', nodes: ['node-1', 'node-2'], shared: {}, subject: null } }),
    1_795_273_428.7,
    ['node-1', 'node-2'],
  )
  t.match(events, [
    {
      kind: 'Event',
      metadata: { generateName: 'node-1.', namespace: 'default' },
      involvedObject: { kind: 'Node', name: 'node-1', uid: 'node-1' },
      reason: 'OddnodeFindingOpened',
      message: 'On node-2 pods cannot reach node-local DNS.',
      type: 'Warning',
      firstTimestamp: '2026-11-21T15:03:48Z',
      count: 1,
    },
    { involvedObject: { name: 'node-2' } },
  ])
})

t.test('advice and ends are no warnings', async (t) => {
  t.match(nodeEvents(findingOf('f1', { severity: 'info' }), 0, ['node-2']), [
    { type: 'Normal', reason: 'OddnodeFindingOpened' },
  ])
  t.match(nodeEvents(findingOf('f1', { ended: '2026-11-21T15:03:48.000Z' }), 0, ['node-2']), [
    { type: 'Normal', reason: 'OddnodeFindingEnded', message: 'Ended: Pods cannot reach node-local DNS' },
  ])
})

t.test('nothing about the cluster as a whole, and no text that the API would refuse', async (t) => {
  const nodes = (count: number) => Array.from({ length: count }, (_, i) => `node-${i}`)
  const scope = (names: string[]) => ({ scope: { kind: 'cluster' as const, nodes: names, shared: {}, subject: null } })
  t.notOk(isOfNodes(findingOf('f1', scope([]))))
  t.notOk(isOfNodes(findingOf('f1', scope(nodes(11)))))
  t.ok(isOfNodes(findingOf('f1', scope(nodes(10)))))
  const [long] = nodeEvents(findingOf('f1', { story: 'x'.repeat(5000) }), 0, ['node-2'])
  t.equal(long?.message.length, 1024)
})
