import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

const repository = resolve(import.meta.dirname, '../..')
/** The chart's folder. */
export const chart = join(repository, 'charts/oddnode')
/** Namespace that the matrix is rendered for. */
export const NAMESPACE = 'oddnode-chart'
/** The oldest version of Kubernetes that the chart installs on. */
export const KUBERNETES = '1.30.0'

/** What a program printed, and how it ended. */
export type Ran = { status: number | null; stdout: string; stderr: string }

/** @param input what it reads from its standard input */
export function run(program: string, args: readonly string[], input?: string): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  })
  return { status, stdout, stderr }
}

/** @returns a reason to leave a test out, or false: what tap's `skip` takes */
export function whyNot(program: string, debianPackage?: string): string | false {
  if (run(program, ['--help']).status !== null) return false
  return `${program} is not installed${debianPackage ? ` (Debian package ${debianPackage})` : ''}`
}

/** Renders the chart as an install without a cluster would. */
export const template = (...args: string[]): Ran =>
  run('helm', ['template', 'oddnode', chart, '--namespace', NAMESPACE, '--kube-version', KUBERNETES, ...args])

/** @throws where it does not render */
export function rendered(...args: string[]): string {
  const { status, stdout, stderr } = template(...args)
  if (status !== 0) throw new Error(stderr)
  return stdout
}

/** Values files of a folder beside this file, by name. */
export const valuesFiles = (folder: 'values' | 'invalid'): { name: string; file: string }[] =>
  globSync(join(import.meta.dirname, folder, '*.yaml'))
    .sort()
    .map((file) => ({ name: basename(file, '.yaml'), file }))

/** One rendered object: enough of it to tell which it is, and its text. */
export type Rendered = { kind: string; apiVersion: string; name: string; text: string }

/** Splits what `helm template` prints. */
export function objectsOf(text: string): Rendered[] {
  return text
    .split(/^---$/m)
    .filter((part) => /^kind: /m.test(part))
    .map((part) => ({
      kind: field(part, /^kind: (.+)$/m),
      apiVersion: field(part, /^apiVersion: (.+)$/m),
      name: field(part, /^ {2}name: (.+)$/m),
      text: part,
    }))
}

/** @throws where an object is not to be found */
export function objectOf(text: string, kind: string, name: string): string {
  const found = objectsOf(text).find((object) => object.kind === kind && object.name === name)
  if (!found) throw new Error(`${kind} ${name} is not rendered`)
  return found.text
}

/** The `config.json` of a ConfigMap. */
export function configurationOf(text: string, component: 'agent' | 'aggregator'): string {
  const map = objectOf(text, 'ConfigMap', `oddnode-${component}`)
  return map.slice(map.indexOf('config.json: |') + 'config.json: |'.length).replace(/^ {4}/gm, '')
}

function field(text: string, pattern: RegExp): string {
  const [, value] = pattern.exec(text) ?? []
  if (value === undefined) throw new Error(`${pattern} does not match:\n${text}`)
  return value.replace(/^["']|["']$/g, '')
}
