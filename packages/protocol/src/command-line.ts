import { nearest } from './nearest.ts'
import { allowedText, type ConfigurationSchema, type Setting } from './settings.ts'
import { shown } from './shown.ts'

/** What a command line asks for. */
export type CommandLine = {
  /** The text of each setting's flag, by `Setting.path`; the last one of a repeated flag. */
  flags: Map<string, string>
  /** The value of `--config`. */
  file: string | undefined
  help: boolean
  /** One line for each argument that is no flag of ours or has no value. */
  errors: string[]
}

/** Reads `--name=value`, `--name value` and, for a boolean, `--name`. Never throws. */
export function readCommandLine(args: readonly string[], settings: readonly Setting[]): CommandLine {
  const line: CommandLine = { flags: new Map(), file: undefined, help: false, errors: [] }
  const rest = [...args]
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === '--help' || argument === '-h') line.help = true
    else readFlag(argument, rest, settings, line)
  }
  return line
}

/** Reads one flag, and its value from `rest` where it is not attached with `=`. */
function readFlag(argument: string, rest: string[], settings: readonly Setting[], line: CommandLine): void {
  const equals = argument.indexOf('=')
  const flag = equals === -1 ? argument : argument.slice(0, equals)
  const setting = settings.find((candidate) => candidate.flag === flag)
  if (!setting && flag !== '--config') {
    line.errors.push(unknownArgument(flag, settings))
    return
  }
  const text = equals === -1 ? followingValue(rest, setting?.schema) : argument.slice(equals + 1)
  if (text === undefined)
    line.errors.push(`${flag} needs a value: ${setting ? allowedText(setting.schema) : 'a JSON file'}`)
  else if (setting) line.flags.set(setting.path, text)
  else line.file = text
}

function followingValue(rest: string[], schema: ConfigurationSchema | undefined): string | undefined {
  if (schema?.type === 'boolean' && rest[0] !== 'true' && rest[0] !== 'false') return 'true'
  return rest[0]?.startsWith('--') ? undefined : rest.shift()
}

function unknownArgument(flag: string, settings: readonly Setting[]): string {
  if (!flag.startsWith('-')) return `unexpected argument ${shown(flag)}: settings are given as --name=value`
  const like = nearest(flag, [...settings.map((setting) => setting.flag), '--config', '--help'])
  return `unknown flag ${shown(flag)}${like ? `, did you mean ${like}?` : ': --help lists them'}`
}
