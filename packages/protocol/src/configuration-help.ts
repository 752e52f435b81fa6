import { allowedText, type Setting } from './settings.ts'

/** The text of `--help`: each setting with what it does, what it may be, its default and its variable. */
export function configurationHelp(settings: readonly Setting[]): string {
  const head = 'Settings, from defaults < JSON file (--config FILE) < environment < flags:'
  return [head, ...settings.map(settingHelp)].join('\n\n')
}

function settingHelp({ flag, variable, schema }: Setting): string {
  const initial = schema.default === undefined ? '' : ` Default: ${defaultText(schema.default)}.`
  return `  ${flag}  (${variable})\n      ${schema.description ?? ''}\n      ${capitalised(allowedText(schema))}.${initial}`
}

const defaultText = (value: unknown) => (Array.isArray(value) ? value.join(',') || 'none' : String(value))
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
