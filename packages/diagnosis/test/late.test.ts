import type { Observation } from '@oddnode/protocol'
import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { late, lateSince } from '../src/late.ts'
import { createWorld, good, late as lateAnswer, localError, present, push, start, timeout } from './world.ts'

/** The first probe of an agent that saw these. */
function cellThatSaw(seen: readonly Observation[]) {
  const world = createWorld(['a'])
  for (const one of seen) {
    world.at += 15
    push(world, 'a', 'pod', (probe) => (probe === 0 ? one : null))
  }
  return cellOf(present(world.fleet.agents.get('pod/a')), 0)
}

const [g, l] = [good(), lateAnswer]

t.test('three late answers of five, the last one too', async (t) => {
  t.equal(late([cellThatSaw([g, g, g])]), 'no')
  t.equal(late([cellThatSaw([g, l, l])]), 'wait')
  t.equal(late([cellThatSaw([g, l, l, l])]), 'yes')
  t.equal(late([cellThatSaw([l, l, l, g])]), 'no')
  t.equal(late([cellThatSaw([l, l, l, timeout])]), 'no')
  t.equal(late([cellThatSaw([g, l, l, l, localError])]), 'yes')
  t.equal(late([]), 'no-data')
  t.equal(late([cellThatSaw([l, l, l]), cellThatSaw([g, g, g])]), 'no')
})

t.test('since when', async (t) => {
  t.equal(lateSince([cellThatSaw([g, g, l, l, l])]), start + 45)
  t.equal(lateSince([cellThatSaw([l, l, l])]), start + 15)
  t.equal(lateSince([cellThatSaw([l, l, g])]), Infinity)
  t.equal(lateSince([]), Infinity)
})
