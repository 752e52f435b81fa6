import t from 'tap'
import { questions } from '../src/closed-sets.ts'
import { expectedRcodes } from '../src/expected.ts'

t.test('every question has what is expected of it', async (t) => {
  t.strictSame(Object.keys(expectedRcodes).sort(), [...questions].sort())
})

t.test('names that must not exist, names that must, and an address where nobody lives', async (t) => {
  for (const question of ['missing', 'invalid', 'wildcard'] as const) t.strictSame(expectedRcodes[question], [3])
  for (const question of ['kubernetes', 'version', 'soa', 'external', 'canary', 'pair'] as const)
    t.strictSame(expectedRcodes[question], [0])
  t.strictSame(expectedRcodes.trap, [])
  t.equal(expectedRcodes.identity, null)
})
