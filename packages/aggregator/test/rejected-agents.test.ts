import t from 'tap'
import { createRejectedAgents } from '../src/rejected-agents.ts'

t.test('counts agents, not pushes, for a minute', async (t) => {
  const rejected = createRejectedAgents()
  rejected.note('host', 'node-1', 100)
  rejected.note('host', 'node-1', 101)
  rejected.note('host', 'node-2', 130)
  rejected.note('pod', 'node-1', 130)
  t.equal(rejected.count('host', 140), 2)
  t.equal(rejected.count('pod', 140), 1)
  t.equal(rejected.count('host', 170), 1)
  t.equal(rejected.count('host', 200), 0)
})

t.test('what is no agent, and too many of them', async (t) => {
  const rejected = createRejectedAgents()
  rejected.note('moon', 'node-1', 0)
  rejected.note(undefined, undefined, 0)
  rejected.note('pod', undefined, 0)
  for (let i = 0; i < 20_000; i++) rejected.note('host', `node-${i}`, 0)
  t.equal(rejected.count('host', 0), 10_000)
  t.equal(rejected.count('pod', 0), 0)
})
