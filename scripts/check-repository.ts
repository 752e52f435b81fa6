// What no linter checks: every source has its test, imports point one way, dependencies are pinned, what is generated is fresh,
// what must be shown is shown.
// One run prints every failure.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { outcomes } from '../packages/protocol/src/closed-sets.ts'

const failures: string[] = []

/** How many the catalogue has. */
const TRAPS = 24

/** Which packages each may import from: `protocol ← probes ← agent`, `protocol ← diagnosis ← aggregator`, `cli` on top. */
const mayImport: Record<string, string[]> = {
  protocol: [],
  probes: ['protocol'],
  agent: ['protocol', 'probes'],
  diagnosis: ['protocol'],
  aggregator: ['protocol', 'diagnosis'],
  cli: ['protocol', 'probes', 'agent', 'diagnosis', 'aggregator'],
}

const sources = globSync('packages/*/src/**/*.ts').filter((file) => !file.includes('/generated/'))

for (const source of sources) {
  const text = readFileSync(source, 'utf8')
  const test = source.replace('/src/', '/test/').replace(/\.ts$/, '.test.ts')
  if (hasCode(source, text) && !existsSync(test)) failures.push(`${source} has no test: ${test} is missing`)
  const home = source.split('/')[1] ?? ''
  for (const [, imported = ''] of text.matchAll(/from '@oddnode\/([a-z]+)/g)) {
    if (!mayImport[home]?.includes(imported)) failures.push(`${source} imports @oddnode/${imported}: ${home} may not`)
  }
}

for (const test of globSync(['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'])) {
  if (/\bt\.only\(|\bonly: true/.test(readFileSync(test, 'utf8'))) failures.push(`${test} is focused with only`)
}

for (const manifest of ['package.json', ...globSync('packages/*/package.json')]) {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'))
  for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
    if (!/^\d+\.\d+\.\d+$/.test(version)) failures.push(`${manifest}: ${name} is ${version}, not pinned`)
  }
}

const shown = readFileSync('docs/traps.md', 'utf8')
for (const [, name = '', file = '', title = ''] of shown.matchAll(/^\| (.+?) \| .+? \| `(.+?)` \| (.+) \|$/gm)) {
  if (!existsSync(file) || !readFileSync(file, 'utf8').includes(title))
    failures.push(`docs/traps.md: ${file} has no test "${title}"`)
  if (/^\d+$/.test(name) && !title.startsWith(`trap ${name}:`))
    failures.push(`docs/traps.md: "${title}" is no test of trap ${name}`)
}
for (const outcome of outcomes) {
  if (!shown.includes(`\n| \`${outcome}\` |`)) failures.push(`docs/traps.md: no test makes the outcome ${outcome}`)
}
for (let trap = 1; trap <= TRAPS; trap++) {
  if (!shown.includes(`\n| ${trap} |`) && !shown.includes(`trap ${trap} (`))
    failures.push(`docs/traps.md: nothing is said of trap ${trap}`)
}

// What is generated is fresh, and documents are true where a program can tell.
for (const check of [
  'scripts/generate.ts',
  'scripts/configuration-docs.ts',
  'scripts/command-docs.ts',
  'scripts/api-docs.ts',
  'scripts/fault-docs.ts',
  'scripts/metrics-docs.ts',
  'scripts/chart-docs.ts',
  'scripts/check-documents.ts',
]) {
  const run = spawnSync('node', ['--conditions=@oddnode/source', check, '--check'], { encoding: 'utf8' })
  if (run.status !== 0) failures.push(run.stderr.trim())
}

for (const failure of failures) process.stderr.write(`${failure}\n`)
process.stdout.write(`repository: ${sources.length} sources checked, ${failures.length} failures\n`)
process.exitCode = failures.length > 0 ? 1 : 0

/**
 * Types, constants and schemas are data, re-exports and processes have nothing of their own: they need no unit test, for others' tests or a
 * process test run them.
 */
function hasCode(file: string, text: string): boolean {
  if (['index.ts', 'main.ts'].includes(basename(file)) || file.endsWith('.d.ts') || file.includes('/schema/'))
    return false
  const comments = /\/\*[\s\S]*?\*\/|\/\/.*$/gm
  const types = /^(export )?type [\s\S]*?(\n\n|\n\}|$(?![\s\S]))/gm
  return /=>|\bfunction\b|\bclass\b/.test(text.replace(comments, '').replace(types, ''))
}
