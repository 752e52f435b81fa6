import type { Scope, Severity } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { worstFirst } from '../src/worst-first.ts'

type Ranked = Parameters<typeof worstFirst>[0]

const finding = (id: string, severity: Severity, kind: Scope['kind'], nodes: number, minute = 0): Ranked => ({
  id,
  severity,
  scope: { kind, nodes: Array.from({ length: nodes }, (_, node) => `node-${node}`), shared: {}, subject: null },
  since: `2026-11-21T09:${String(minute).padStart(2, '0')}:00.000Z`,
})

const inOrder = [
  finding('h', 'critical', 'cluster', 0, 30),
  finding('g', 'critical', 'endpoint', 0, 20),
  finding('f', 'critical', 'group', 12, 10),
  finding('e', 'critical', 'group', 3, 9),
  finding('d', 'critical', 'node', 1, 3),
  finding('b', 'critical', 'node', 1, 4),
  finding('c', 'critical', 'node', 1, 4),
  finding('a', 'warning', 'cluster', 0, 0),
  finding('0', 'info', 'cluster', 0, 0),
]

t.test('severity, then reach, then age, then the id', async () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(inOrder, { minLength: inOrder.length }), (shuffled) =>
      shuffled.toSorted(worstFirst).every((one, place) => one === inOrder[place]),
    ),
  )
})

t.test('a finding is as bad as itself', async (t) => {
  for (const one of inOrder) t.equal(worstFirst(one, { ...one }), 0)
})
