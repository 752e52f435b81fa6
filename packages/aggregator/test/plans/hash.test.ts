import t from 'tap'
import { byRendezvous, hash } from '../../src/plans/hash.ts'

const named = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `node-${i}` }))

t.test('the same number for the same text, in every process', async (t) => {
  t.equal(hash(''), hash(''))
  t.equal(hash('node-1'), 2865264164)
  t.not(hash('node-1'), hash('node-2'))
})

t.test('names that differ in one digit are spread evenly', async (t) => {
  const counts = new Array<number>(64).fill(0)
  for (const { name } of named(64_000)) counts[hash(name) % 64] = (counts[hash(name) % 64] ?? 0) + 1
  t.ok(Math.min(...counts) > 850 && Math.max(...counts) < 1150, `${Math.min(...counts)} to ${Math.max(...counts)}`)
})

t.test('who is chosen stays chosen when another one comes or goes', async (t) => {
  const nodes = named(50)
  const chosen = byRendezvous(nodes, 'bucket 7', 3)
  t.equal(chosen.length, 3)
  const [first] = chosen
  const others = byRendezvous(
    nodes.filter((node) => node !== first),
    'bucket 7',
    2,
  )
  t.strictSame(others, chosen.slice(1), 'the next ones move up')
  t.strictSame(byRendezvous(nodes.toReversed(), 'bucket 7', 3), chosen, 'in whatever order they come')
  t.not(byRendezvous(nodes, 'bucket 8', 1)[0], first)
  t.strictSame(byRendezvous(named(2), 'x', 3).length, 2)
})
