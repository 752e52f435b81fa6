import t from 'tap'
import { isPathOf, unknownNames } from '../../scripts/unknown-names.ts'

t.test('a name that is not there is told with its line', async (t) => {
  const metric = { kind: 'metric', pattern: /\b(oddnode_[a-z_]+)\b/g, isKnown: (name: string) => name === 'oddnode_up' }
  t.strictSame(unknownNames('a.md', 'oddnode_up\nand oddnode_down, oddnode_gone', [metric]), [
    'a.md:2: there is no metric oddnode_down',
    'a.md:2: there is no metric oddnode_gone',
  ])
})

t.test('a path is known by itself, by what is below it, and below what takes any keys', async (t) => {
  const paths = new Set(['agent.image.tag', 'thresholds'])
  t.ok(isPathOf(paths, 'agent.image.tag'))
  t.ok(isPathOf(paths, 'agent.image'))
  t.ok(isPathOf(paths, 'thresholds.slowSeconds'))
  t.notOk(isPathOf(paths, 'agent.image.name'))
  t.notOk(isPathOf(paths, 'agent.im'))
})
