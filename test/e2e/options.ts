// Every option on: the API server takes all of it, each object selects what it is for, all agents report, and nothing is left behind.
import { join } from 'node:path'
import t from 'tap'
import { defineCustomResources } from '../chart/custom-resources.ts'
import { get, kubectlReading } from './commands.ts'
import { leftovers } from './leftovers.ts'
import { nodeNames } from './nodes.ts'
import { createNamespace, helmTest, install, manifest, NAMESPACE, remove, uninstall } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

t.test('every option', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const nodes = await nodeNames()
  t.teardown(defineCustomResources())
  await createNamespace()
  t.teardown(remove)
  await install('--values', join(import.meta.dirname, 'options.yaml'))

  await t.test('the API server has every object, and knows every field', async (t) => {
    const objects = await manifest()
    const replaced = await kubectlReading(objects, 'replace', '-f', '-', '--dry-run=server', '--validate=strict')
    t.equal(replaced.match(/replaced/g)?.length, objects.match(/^kind: /gm)?.length)
  })

  await t.test('helm test: all agents report', async (t) => {
    t.match(await helmTest(), /Phase:\s+Succeeded/)
  })

  const agents = 2 * nodes.length
  for (const { object, path, kind, count } of [
    { object: 'podmonitor/oddnode-agents', path: 'selector', kind: 'pods', count: agents },
    { object: 'servicemonitor/oddnode-aggregator', path: 'selector', kind: 'services', count: 1 },
    { object: 'poddisruptionbudget/oddnode-aggregator', path: 'selector', kind: 'pods', count: 1 },
    { object: 'networkpolicy/oddnode-aggregator', path: 'podSelector', kind: 'pods', count: 1 },
    { object: 'networkpolicy/oddnode-agent-pod', path: 'podSelector', kind: 'pods', count: nodes.length },
  ])
    await t.test(`${object} is for ${count} ${kind}`, async (t) => {
      const { spec } = await get<{ spec: Record<string, Selector> }>('-n', NAMESPACE, object)
      const { items } = await get<{ items: unknown[] }>('-n', NAMESPACE, kind, '-l', selectorText(spec[path] ?? {}))
      t.equal(items.length, count)
    })

  await t.test('uninstall leaves nothing behind', async (t) => {
    await uninstall()
    t.strictSame(await leftovers(), [])
  })
})

type Selector = {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: 'In'; values: string[] }[]
}

/** As `kubectl get --selector` takes it. */
const selectorText = ({ matchLabels = {}, matchExpressions = [] }: Selector): string =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, values }) => `${key} in (${values})`),
  ].join(',')
