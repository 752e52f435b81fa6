import t from 'tap'
import { createNode } from '../src/fleet.ts'
import { sightOf } from '../src/sight.ts'
import { externalName, failingOf, wrongAnswerWords } from '../src/wrong-answers.ts'
import { createWorld, good, planOf, rounds } from './world.ts'

const plan = planOf([
  { role: 'node-local', address: '169.254.20.10', question: 'invalid' },
  { role: 'node-local', address: '169.254.20.10', question: 'external' },
])

function seen(addresses: string[]) {
  const world = createWorld(['a'], plan)
  rounds(world, 4, (_, __, probe) => (probe === 0 ? good(addresses) : good()))
  return failingOf(sightOf(world.fleet, createNode('a', ['host', 'pod']), world.at), 'invalid')
}

t.test('what came where nothing should', async (t) => {
  const cells = seen(['198.51.100.1', '198.51.100.2'])
  t.same(
    cells.map(({ vantage, planned }) => `${vantage} ${planned.question}`),
    ['host invalid', 'pod invalid'],
  )
  t.equal(wrongAnswerWords(cells), '198.51.100.1 and 198.51.100.2')
  t.equal(wrongAnswerWords(seen([])), 'an address')
  t.equal(externalName(cells), 'example.com')
  t.equal(externalName([]), 'a name outside')
})
