/** As much of JSON Schema as a configuration needs: objects of objects with values at the leaves. */
export type ConfigurationSchema = {
  type?: string
  description?: string
  properties?: Readonly<Record<string, ConfigurationSchema>>
  required?: readonly string[]
  items?: ConfigurationSchema
  enum?: readonly unknown[]
  default?: unknown
  examples?: readonly unknown[]
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  pattern?: string
}

/** One leaf of the schema under its three names. */
export type Setting = {
  /** As in the file, keys joined by dots: `auth.secretFile`. */
  path: string
  /** `--auth.secretFile` */
  flag: string
  /** `ODDNODE_AUTH_SECRET_FILE` */
  variable: string
  schema: ConfigurationSchema
}

/** All leaves of a schema, in its order. */
export function settingsOf(schema: ConfigurationSchema, environmentPrefix: string): Setting[] {
  return leavesOf(schema, []).map(({ keys, leaf }) => ({
    path: keys.join('.'),
    flag: `--${keys.join('.')}`,
    variable: environmentPrefix + keys.map(upperSnakeCase).join('_'),
    schema: leaf,
  }))
}

/**
 * Reads the text of a flag or of the environment as the setting's type. Text that is not of that type stays text, so that the check
 * refuses it and its error shows what was written.
 */
export function settingFromText(text: string, { type, items }: ConfigurationSchema): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'integer' || type === 'number') return numberFromText(text)
  if (type === 'array')
    return text === '' ? [] : text.split(',').map((item) => settingFromText(item.trim(), items ?? {}))
  return text
}

/** What a setting may be, in words: `an integer from 1 to 65535`. */
export function allowedText(schema: ConfigurationSchema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`
  switch (schema.type) {
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `an integer${rangeText(schema)}`
    case 'number':
      return `a number${rangeText(schema)}`
    case 'array':
      return `a list${schema.maxItems === undefined ? '' : ` of at most ${schema.maxItems}`}, each ${allowedText(schema.items ?? {})}`
    case 'string':
      return textText(schema)
    default:
      return 'an object'
  }
}

function leavesOf(schema: ConfigurationSchema, keys: string[]): { keys: string[]; leaf: ConfigurationSchema }[] {
  if (!schema.properties) return [{ keys, leaf: schema }]
  return Object.entries(schema.properties).flatMap(([key, child]) => leavesOf(child, [...keys, key]))
}

const upperSnakeCase = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

/** Only decimal notation: `Number` would read '' as 0 and `0x10` as 16. */
const numberFromText = (text: string) => (/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text)

function rangeText({ minimum, exclusiveMinimum, maximum }: ConfigurationSchema): string {
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${maximum === undefined ? '' : `, at most ${maximum}`}`
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, at least ${minimum}`
  return maximum === undefined ? '' : `, at most ${maximum}`
}

function textText({ examples, pattern, minLength, maxLength }: ConfigurationSchema): string {
  if (examples?.length) return `text like ${examples.join(' or ')}`
  if (pattern !== undefined) return `text that matches ${pattern}`
  if (minLength !== undefined && minLength > 1)
    return `text of ${minLength} to ${maxLength ?? 'any number of'} characters`
  const least = minLength ? 'text that is not empty' : 'text'
  return maxLength === undefined ? least : `${least}, at most ${maxLength} characters`
}
