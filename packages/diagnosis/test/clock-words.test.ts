import t from 'tap'
import { atStart, byCount, clocksWords } from '../src/clock-words.ts'

t.test('whose clocks', async (t) => {
  t.equal(clocksWords(['node-3']), "node-3's clock")
  t.equal(clocksWords(['node-2', 'node-3']), 'the clocks of node-2 and node-3')
  t.equal(clocksWords([]), 'the clocks of all nodes')
})

t.test('at the beginning of a sentence the name of a node stays as it is', async (t) => {
  t.equal(atStart("the-node's clock"), "the-node's clock")
  t.equal(atStart('the clocks of all nodes'), 'The clocks of all nodes')
})

t.test('one or several; none stands for all', async (t) => {
  t.equal(byCount(['a'], 'is', 'are'), 'is')
  t.equal(byCount(['a', 'b'], 'is', 'are'), 'are')
  t.equal(byCount([], 'is', 'are'), 'are')
})
