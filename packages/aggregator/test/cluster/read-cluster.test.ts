import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readCluster } from '../../src/cluster/read-cluster.ts'
import { clusterOf } from './cluster-of.ts'

t.test('a cluster of the schema', async (t) => {
  t.strictSame(readCluster(JSON.stringify(clusterOf())), { cluster: clusterOf() })
})

t.test('what is wrong is told with a pointer to it', async (t) => {
  const cluster = clusterOf()
  const cases = [
    ['{', /^is not JSON: /],
    ['[]', /^\/ must be object$/],
    [
      JSON.stringify({ ...cluster, schema: 'oddnode.cluster/2' }),
      /^\/schema must be equal to constant: "oddnode.cluster\/1"$/,
    ],
    [JSON.stringify({ ...cluster, nodde: 1 }), /^\/ must NOT have additional properties: "nodde" is none$/],
    [
      JSON.stringify({ ...cluster, source: 'rumour' }),
      /^\/source must be equal to one of the allowed values: \["kubernetes","file"\]$/,
    ],
    [
      JSON.stringify(clusterOf({ nodes: [{ ...cluster.nodes[0], name: 7 } as never] })),
      /^\/nodes\/0\/name must be string$/,
    ],
    [
      JSON.stringify(clusterOf({}, { upstreams: ['dns.example'] })),
      /^\/dns\/upstreams must be IP addresses: "dns.example" is none$/,
    ],
    [
      JSON.stringify(clusterOf({ apiServer: { address: 'api', port: 443 } })),
      /^\/apiServer\/address .* "api" is none$/,
    ],
    [
      JSON.stringify(clusterOf({}, { clusterDomain: 'cluster..local' })),
      /^\/dns\/clusterDomain must be labels of 1 to 63 octets with dots between them: "cluster..local" is not$/,
    ],
    [
      JSON.stringify(clusterOf({ largeNames: [{ name: `${'x'.repeat(64)}.example`, octets: 1460 }] })),
      /^\/largeNames\/0\/name must be labels/,
    ],
  ] as const
  for (const [text, error] of cases) t.match(readCluster(text), { error }, text.slice(0, 60))
})

t.test('the example of the documentation', async (t) => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/cluster-file.md'), 'utf8')
  const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  t.match(readCluster(example), { cluster: { nodes: [{ name: 'node-1' }] } })
})
