import type { Check } from './checks.ts'
import { readCommandLine } from './command-line.ts'
import { errorLines } from './configuration-errors.ts'
import { configurationHelp } from './configuration-help.ts'
import { get, isTree, put, type Tree } from './setting-tree.ts'
import { type ConfigurationSchema, type Setting, settingFromText, settingsOf } from './settings.ts'

/** The exit code of a process whose configuration is wrong (`EX_CONFIG` of sysexits.h). */
export const EXIT_CONFIGURATION = 78

/** Where the value of a setting comes from. Each one wins over those before it. */
export type SettingOrigin = 'default' | 'file' | 'environment' | 'flag'

export type ConfigurationSources<T> = {
  /** The plain JSON schema: settings, defaults, descriptions. */
  schema: ConfigurationSchema
  /** Compiled from the same schema; refuses unknown keys, and names all that is wrong. */
  check: Check<T>
  /** `ODDNODE_`: `listen.port` is then `ODDNODE_LISTEN_PORT`. */
  environmentPrefix: string
  /** The command line without interpreter and script. `--config FILE` names the file, as `…_CONFIG` in the environment does. */
  arguments: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
  /** @throws if the file cannot be read */
  readFile: (path: string) => string
}

export type LoadedConfiguration<T> =
  | { value: T /** By `Setting.path`; only settings that have a value. */; origins: Record<string, SettingOrigin> }
  /** One line for each thing that is wrong; with `--help` none, and the help. */
  | { errors: string[]; help?: string }

type Layers = {
  file: Tree
  environment: ConfigurationSources<unknown>['environment']
  flags: ReadonlyMap<string, string>
}

/**
 * Builds one configuration from defaults < JSON file < environment < flags.
 *
 * Lists are comma-separated outside the file. A boolean flag without a value is true. Unknown flags and unknown keys of the file are
 * errors; unknown variables are not: Kubernetes adds some of our prefix for each Service (`ODDNODE_SERVICE_HOST`), which is also why
 * no setting should be called `port` or `<service>.port`.
 *
 * @returns the value as the check knows it, or everything that is wrong at once. Never throws.
 */
export function loadConfiguration<T>(sources: ConfigurationSources<T>): LoadedConfiguration<T> {
  const settings = settingsOf(sources.schema, sources.environmentPrefix)
  const line = readCommandLine(sources.arguments, settings)
  if (line.help) return { errors: [], help: configurationHelp(settings) }

  const path = line.file ?? sources.environment[`${sources.environmentPrefix}CONFIG`]
  const file = path === undefined ? {} : readJsonFile(path, sources.readFile)
  if (typeof file === 'string') return { errors: [...line.errors, file] }

  const { tree, origins } = layer(settings, { file, environment: sources.environment, flags: line.flags })
  const checked = sources.check(tree)
  if ('errors' in checked) {
    return { errors: [...line.errors, ...errorLines(checked.errors, { settings, tree, origins, file: path })] }
  }
  return line.errors.length > 0 ? { errors: line.errors } : { value: checked.value, origins }
}

/** @returns the object, or what is wrong */
function readJsonFile(path: string, readFile: (path: string) => string): Tree | string {
  try {
    const value: unknown = JSON.parse(readFile(path))
    return isTree(value) ? value : `${path} is not a JSON object`
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return error instanceof SyntaxError
      ? `${path} is not JSON: ${reason}`
      : `cannot read the configuration file ${path}: ${reason}`
  }
}

/** Lays the sources over each other, each setting from the last one that gives it. */
function layer(settings: readonly Setting[], { file, environment, flags }: Layers) {
  const tree = structuredClone(file)
  const origins: Record<string, SettingOrigin> = {}
  for (const { path, variable, schema } of settings) {
    const flag = flags.get(path)
    // An empty variable counts as unset: a chart writes it for a value that nobody chose.
    const text = flag ?? (environment[variable] || undefined)
    if (text !== undefined) {
      put(tree, path, settingFromText(text, schema))
      origins[path] = flag === undefined ? 'environment' : 'flag'
    } else if (get(tree, path) !== undefined) {
      origins[path] = 'file'
    } else if (schema.default !== undefined) {
      put(tree, path, structuredClone(schema.default))
      origins[path] = 'default'
    }
  }
  return { tree, origins }
}
