// What chart, images and programs must say alike. Needs neither Helm nor a cluster.
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { loadAgentConfig } from '../../packages/agent/src/config.ts'
import { AggregatorConfig } from '../../packages/aggregator/src/config-schema.ts'
import { chartValues } from '../../scripts/chart-values.ts'

const repository = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(repository, file), 'utf8')
const readAll = (pattern: string) => globSync(pattern, { cwd: repository }).map(read).join('\n')

type Schema = {
  $ref?: string
  properties?: Record<string, Schema>
  definitions?: Record<string, Schema>
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  maxItems?: number
  default?: number
}
const schema = JSON.parse(read('charts/oddnode/values.schema.json')) as Schema

/** A part of the values' schema, definitions followed. */
function schemaOf(path: string): Schema | undefined {
  let found: Schema | undefined = schema
  for (const key of path.split('.')) {
    const next: Schema | undefined = found?.properties?.[key]
    found = next?.$ref ? schema.definitions?.[next.$ref.replace('#/definitions/', '')] : next
  }
  return found
}

const versionIn = (text: string, pattern: RegExp) => pattern.exec(text)?.[1]

t.test('one version', async (t) => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  t.equal(versionIn(read('charts/oddnode/Chart.yaml'), /^appVersion: (\S+)$/m), version)
  for (const image of ['agent', 'aggregator'])
    t.equal(versionIn(read(`Dockerfile.${image}`), /^ARG VERSION=(\S+)$/m), version, image)
})

t.test("an image starts its program as the package's start script does", async (t) => {
  for (const name of ['agent', 'aggregator']) {
    const { scripts } = JSON.parse(read(`packages/${name}/package.json`)) as { scripts: { start: string } }
    const entrypoint = versionIn(read(`Dockerfile.${name}`), /^ENTRYPOINT (\[.*\])$/m) ?? '[]'
    const command = (JSON.parse(entrypoint) as string[]).join(' ')
    t.equal(command.replace(`packages/${name}/`, ''), scripts.start, name)
  }
})

t.test('the values know every threshold, with its range', async (t) => {
  const thresholds = AggregatorConfig.properties.thresholds.properties as Record<string, Schema>
  t.strictSame(Object.keys(schemaOf('thresholds')?.properties ?? {}).sort(), Object.keys(thresholds).sort())
  for (const [name, { minimum, exclusiveMinimum, maximum }] of Object.entries(thresholds)) {
    const known = schemaOf(`thresholds.${name}`)
    t.strictSame([known?.minimum, known?.exclusiveMinimum, known?.maximum], [minimum, exclusiveMinimum, maximum], name)
  }
})

t.test('the values know the ranges that the programs do', async (t) => {
  const { budget, plan, thresholds } = AggregatorConfig.properties
  const { queriesPerSecondPerEndpoint } = budget.properties as Record<string, Schema>
  const known = schemaOf('budget.queriesPerSecondPerEndpoint')
  t.strictSame(
    [known?.minimum, known?.maximum],
    [queriesPerSecondPerEndpoint?.minimum, queriesPerSecondPerEndpoint?.maximum],
  )
  const validation = read('charts/oddnode/templates/_validate.tpl')
  const { intervalSeconds } = plan.properties as Record<string, Schema>
  t.ok(validation.includes(`allowed is ${intervalSeconds?.minimum}s to ${intervalSeconds?.maximum}s`))
  for (const name of ['failingSamples', 'windowSamples']) {
    const { default: byDefault } = (thresholds.properties as Record<string, Schema>)[name] ?? {}
    t.ok(validation.includes(`thresholds.${name} | default ${byDefault} `), name)
  }
})

t.test('the most targets that the values allow are not too many for an agent', async (t) => {
  const most = schema.definitions?.['addresses']?.maxItems ?? 0
  const roles = Object.keys(schemaOf('targets')?.properties ?? {})
  const list = (role: number) => Array.from({ length: most }, (_, index) => `192.0.${role}.${index + 1}`)
  const targets = Object.fromEntries(roles.map((role, index) => [role, list(index)]))
  const names = { clusterDomain: 'cluster.local', namespace: 'oddnode', external: 'www.example.com' }
  for (const vantage of ['host', 'pod']) {
    const environment = { ODDNODE_CONFIG: 'config.json', ODDNODE_NODE: 'node-1', ODDNODE_VANTAGE: vantage }
    const loaded = loadAgentConfig({ arguments: [], environment, readFile: () => JSON.stringify({ targets, names }) })
    t.ok('value' in loaded, `${vantage}: ${JSON.stringify(loaded)}`)
  }
})

t.test('every value is in the schema and is read by a template', async (t) => {
  const templates = readAll('charts/oddnode/templates/**/*.{yaml,tpl,txt}')
  for (const { path } of chartValues(read('charts/oddnode/values.yaml'))) {
    t.ok(schemaOf(path) !== undefined || path.startsWith('global.'), `${path} is in the schema`)
    t.match(templates, new RegExp(`\\.(${path.split('.').at(-1)}|${path.split('.')[0]})\\b`), `${path} is read`)
  }
})

t.test('every alert can be turned off by name', async (t) => {
  const alerts = [...read('charts/oddnode/rules/alerts.yaml').matchAll(/^ *- alert: (\S+)$/gm)].map(([, name]) => name)
  t.strictSame(Object.keys(schemaOf('metrics.prometheusRule.alerts')?.properties ?? {}), alerts)
})

t.test('every metric that alerts and dashboards name is one that a program exports', async (t) => {
  const sources = ['agent', 'aggregator'].map((name) => readAll(`packages/${name}/src/**/*.ts`)).join('\n')
  const named = [read('charts/oddnode/rules/alerts.yaml'), readAll('charts/oddnode/dashboards/*.json')].join('\n')
  for (const name of new Set(named.match(/\boddnode_[a-z_]+/g) ?? [])) {
    const exported = name.replace(/_(bucket|sum|count)$/, '')
    t.ok(sources.includes(`'${exported}'`), name)
  }
})
