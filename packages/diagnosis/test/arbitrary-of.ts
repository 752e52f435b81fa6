import fc from 'fast-check'

/** What is read of a JSON schema, as TypeBox makes it. */
type Schema = {
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  patternProperties?: Readonly<Record<string, Schema>>
  items?: Schema
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
}

/** Longer lists and texts find nothing that these do not. */
const MOST_ITEMS = 4
const MOST_CHARACTERS = 24

/** Words that mean something to the diagnosis: chance alone would hardly hit one. */
const words = [
  ...['node-1', 'node-2', 'node-3', 'coredns-1', 'agent-pod'],
  ...[
    '10.96.0.1',
    '10.96.0.10',
    '10.96.0.11',
    '10.244.1.2',
    '169.254.20.10',
    '192.0.2.53',
    '127.0.0.1',
    '::1',
    'fd00::10',
  ],
  ...['cluster.local', 'svc.cluster.local', 'example.com', '/etc/resolv.conf', 'ndots:5', 'insert_failed', 'drop'],
]

/**
 * Any value that a schema allows, in small.
 * @throws TypeError for what no schema of ours has
 */
export function arbitraryOf(schema: object): fc.Arbitrary<unknown> {
  const { type, anyOf, ...rest }: Schema = schema
  if (rest.const !== undefined) return fc.constant(rest.const)
  if (rest.enum !== undefined) return fc.constantFrom(...rest.enum)
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(arbitraryOf))
  switch (type) {
    case 'object':
      return objects(rest)
    case 'array':
      return fc.array(arbitraryOf(rest.items ?? {}), { maxLength: Math.min(MOST_ITEMS, rest.maxItems ?? MOST_ITEMS) })
    case 'string':
      return strings(rest)
    case 'number':
      return numbers(rest)
    case 'integer':
      return fc.integer({ min: rest.minimum ?? -1000, max: Math.min(rest.maximum ?? 2 ** 31, 2 ** 31) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      throw new TypeError(`no values for ${JSON.stringify(schema)}`)
  }
}

function objects({ properties, required = [], patternProperties = {} }: Schema): fc.Arbitrary<unknown> {
  const [values] = Object.values(patternProperties)
  if (values !== undefined)
    return fc.dictionary(fc.constantFrom(...words), arbitraryOf(values), { maxKeys: MOST_ITEMS })
  const known = Object.entries(properties ?? {}).map(([name, schema]) => [name, arbitraryOf(schema)] as const)
  return fc.record(Object.fromEntries(known), { requiredKeys: [...required] })
}

function strings({ minLength = 0, maxLength = MOST_CHARACTERS, pattern }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined)
    return fc.stringMatching(new RegExp(pattern), { maxLength: Math.min(maxLength, MOST_CHARACTERS) })
  const fitting = words.filter(({ length }) => length >= minLength && length <= maxLength)
  return fc.oneof(
    fc.constantFrom(...fitting),
    fc.string({ minLength, maxLength: Math.min(maxLength, MOST_CHARACTERS) }),
  )
}

function numbers({ minimum = -1e9, maximum = 1e12 }: Schema): fc.Arbitrary<number> {
  const small = fc.double({ min: Math.max(minimum, -100), max: Math.min(maximum, 100), noNaN: true })
  return fc.oneof(small, fc.double({ min: minimum, max: maximum, noNaN: true }))
}
