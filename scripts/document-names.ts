import { existsSync, globSync, readFileSync } from 'node:fs'
import { AgentConfig } from '../packages/agent/src/config-schema.ts'
import { AggregatorConfig } from '../packages/aggregator/src/config-schema.ts'
import { settingsOf } from '../packages/protocol/src/settings.ts'
import { chartValues } from './chart-values.ts'
import { isPathOf, type NameKind } from './unknown-names.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const found = (files: readonly string[], pattern: RegExp): Set<string> =>
  new Set(files.flatMap((file) => read(file).match(pattern) ?? []))

/** What documents speak of by name, read from the code: metrics, environment variables, settings and values, scripts, flags, files. */
export function documentNames(): NameKind[] {
  const sources = globSync('packages/*/src/**/*.ts')
  const metrics = found(sources, /\boddnode_[a-z0-9_]+/g)
  const variables = found([...sources, ...globSync(['test/**/*.ts', '.ci/run'])], /\bODDNODE_[A-Z_]+/g)
  const flags = found(globSync('packages/cli/src/**/*.ts'), /(?<=['`, ])--[a-z][A-Za-z-]*/g)
  const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>
  const settings = [...settingsOf(AgentConfig, 'ODDNODE_'), ...settingsOf(AggregatorConfig, 'ODDNODE_')]
  for (const { variable } of settings) variables.add(variable)
  const paths = new Set([
    ...chartValues(read('charts/oddnode/values.yaml')).map(({ path }) => path),
    ...settings.map(({ flag }) => flag.replace(/^--/, '')),
  ])
  const roots = [...new Set([...paths].map((path) => path.split('.')[0]))].join('|')
  return [
    {
      kind: 'metric',
      pattern: /\b(oddnode_[a-z0-9_]*[a-z0-9])\b/g,
      isKnown: (name) => metrics.has(name) || metrics.has(name.replace(/_(bucket|sum|count)$/, '')),
    },
    { kind: 'variable', pattern: /\b(ODDNODE_[A-Z_]+)\b/g, isKnown: (name) => variables.has(name) },
    { kind: 'script', pattern: /\bnpm run (?:--\S+ )*([a-z][a-z0-9:-]*)/g, isKnown: (name) => name in scripts },
    {
      kind: 'value or setting',
      pattern: new RegExp(`(?:\`|--set )((?:${roots})(?:\\.[A-Za-z]+)+)(?=[\`=])`, 'g'),
      isKnown: (name) => isPathOf(paths, name),
    },
    {
      kind: 'flag of oddnode',
      pattern: /(?<=\b(?:kubectl oddnode|oddnode (?:start|check|report|replay))\b[^`#|]* )(--[a-z][A-Za-z-]*)/g,
      isKnown: (name) => flags.has(name),
    },
    {
      kind: 'file',
      pattern: /`((?:packages|docs|charts|scripts|test)\/[\w./-]*\w\.\w+)`/g,
      isKnown: (name) => /[A-Z]{4}|NAME/.test(name) || existsSync(name),
    },
  ]
}
