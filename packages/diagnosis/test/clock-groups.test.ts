import t from 'tap'
import { clockGroups } from '../src/clock-groups.ts'
import type { WrongClock } from '../src/clock-verdict.ts'

const clock = (node: string, offsetSeconds: number, changes: Partial<WrongClock> = {}): WrongClock => ({
  node,
  offset: { offsetSeconds, uncertaintySeconds: 0.001, reference: 'the other nodes', takenAt: 0 },
  severity: 'warning',
  onOneWordOf: null,
  contradictedBy: null,
  isOfMost: false,
  ...changes,
})
const groups = (...wrong: WrongClock[]) => clockGroups(wrong).map(({ clocks }) => clocks.map(({ node }) => node).join())

t.test('clocks that are off alike are one', async (t) => {
  t.same(groups(clock('c', 3), clock('a', 3.1), clock('b', 2.9)), ['a,b,c'])
  t.same(groups(clock('a', 3), clock('b', 3.4)), ['a', 'b'], 'not alike')
  t.same(groups(clock('a', 3), clock('b', -3)), ['a', 'b'], 'to another side')
  t.same(groups(clock('a', 0.06), clock('b', 0.1)), ['a,b'], 'of small ones the least that matters')
  t.same(groups(clock('b', 94), clock('a', 3), clock('c', 94)), ['a', 'b,c'])
  t.same(groups(), [])
})

t.test('those that are told by another word are others', async (t) => {
  const byNtp = { ...clock('b', 3).offset, reference: 'ntp 192.0.2.1' }
  t.same(groups(clock('a', 3), clock('b', 3, { offset: byNtp })), ['a', 'b'])
  t.same(groups(clock('a', 3), clock('b', 3, { onOneWordOf: 'server' })), ['a', 'b'])
  t.same(groups(clock('a', 3), clock('b', 3, { contradictedBy: byNtp })), ['a', 'b'])
  t.same(groups(clock('a', 3), clock('b', 3, { isOfMost: true })), ['a', 'b'])
})

t.test('what a reading may be off by is no difference', async (t) => {
  const unsure = { ...clock('b', 4).offset, uncertaintySeconds: 1 }
  t.same(groups(clock('a', 3), clock('b', 4, { offset: unsure })), ['a,b'])
})

t.test('a group is as severe as its worst', async (t) => {
  t.match(clockGroups([clock('a', 4.9), clock('b', 5.1, { severity: 'critical' })]), [{ severity: 'critical' }])
})
