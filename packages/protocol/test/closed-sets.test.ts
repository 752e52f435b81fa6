import t from 'tap'
import * as sets from '../src/closed-sets.ts'

t.test('outcomes keep their place: a round sends the index', async (t) => {
  t.strictSame(sets.outcomes, [
    'answered',
    'late',
    'truncated',
    'partial',
    'timeout',
    'refused',
    'unreachable',
    'denied',
    'closed',
    'wrong-source',
    'mismatch',
    'malformed',
    'local-error',
  ])
})

t.test('no word is twice in its set', async (t) => {
  for (const [name, words] of Object.entries(sets)) t.equal(new Set(words).size, words.length, name)
})
