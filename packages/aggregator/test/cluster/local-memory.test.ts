import t from 'tap'
import { createLocalMemory } from '../../src/cluster/local-memory.ts'

t.test('an address is known for ten minutes after it was last told', async (t) => {
  const memory = createLocalMemory()
  t.strictSame(memory(['169.254.20.10'], 0), ['169.254.20.10'])
  t.strictSame(memory([], 1), ['169.254.20.10'])
  t.strictSame(memory(['10.0.0.1'], 600), ['10.0.0.1', '169.254.20.10'])
  t.strictSame(memory([], 601), ['10.0.0.1'])
})
