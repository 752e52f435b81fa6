import t from 'tap'
import { chartValues } from '../../scripts/chart-values.ts'

t.test('keys with their paths, defaults and comments', async (t) => {
  const values = chartValues(`# A comment that is no description.

# -- Name of the cluster
cluster: default
agent:
  image:
    # -- Its tag
    tag: ""
  # -- All taints
  tolerations:
    - operator: Exists
  # -- After a block
  port: 9530
# -- The last
extra: []
`)
  t.strictSame(values, [
    { path: 'cluster', preset: 'default', description: 'Name of the cluster' },
    { path: 'agent.image.tag', preset: '""', description: 'Its tag' },
    { path: 'agent.tolerations', preset: '- operator: Exists', description: 'All taints' },
    { path: 'agent.port', preset: '9530', description: 'After a block' },
    { path: 'extra', preset: '[]', description: 'The last' },
  ])
})

t.test('a long block is not repeated', async (t) => {
  const [value] = chartValues(`# -- Affinity\naffinity:\n  a:\n${'    - key: a-key-that-is-long\n'.repeat(4)}`)
  t.equal(value?.preset, '…')
})

t.test('a key without a comment is an error', async (t) => {
  t.throws(() => chartValues('cluster: default\n'), /cluster has no comment/)
})
