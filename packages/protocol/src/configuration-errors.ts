import type { CheckError } from './checks.ts'
import { nearest } from './nearest.ts'
import { get, type Tree } from './setting-tree.ts'
import { allowedText, type Setting } from './settings.ts'
import { shown } from './shown.ts'

/** What an error needs to say where a value came from. */
export type Provenance = {
  settings: readonly Setting[]
  tree: Tree
  /** By `Setting.path`: default, file, environment or flag. */
  origins: Readonly<Record<string, string>>
  /** The file's path, where there is one. */
  file: string | undefined
}

/** One line for each setting that is wrong, whatever number of rules it breaks: its name, its value, what is allowed. */
export function errorLines(errors: readonly CheckError[], provenance: Provenance): string[] {
  const lines = errors.map(({ pointer, params }) => {
    const keys = keysOf(pointer)
    const { additionalProperty, missingProperty } = params
    if (typeof additionalProperty === 'string') return unknownKey([...keys, additionalProperty].join('.'), provenance)
    if (typeof missingProperty === 'string') keys.push(missingProperty)
    return wrongValue(keys.join('.'), provenance)
  })
  return [...new Set(lines)]
}

function unknownKey(key: string, { settings, file }: Provenance): string {
  const paths = settings.map(({ path }) => path)
  const like = nearest(key, paths)
  return `unknown setting ${shown(key)} in ${file}${like ? `, did you mean ${like}?` : ': --help lists them'}`
}

function wrongValue(key: string, { settings, tree, origins, file }: Provenance): string {
  const setting = settings.find(({ path }) => path === key || key.startsWith(`${path}.`))
  if (!setting) return `${key} is ${shown(get(tree, key))} (file ${file}), allowed is an object`
  const { path, flag, variable, schema } = setting
  const value = get(tree, path)
  if (value === undefined) return `${path} is missing: give ${flag} or ${variable}, ${allowedText(schema)}`
  const source = { flag: `flag ${flag}`, environment: `environment ${variable}`, file: `file ${file}` }[
    origins[path] ?? ''
  ]
  return `${path} is ${shown(value)} (${source ?? 'default'}), allowed is ${allowedText(schema)}`
}

/** The keys of a JSON pointer (RFC 6901). */
const keysOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
