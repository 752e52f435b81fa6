import { slugOf } from './markdown.ts'

/** The part of JSON Schema that our routes use. */
export type JsonSchema = {
  title?: string
  description?: string
  type?: string
  enum?: unknown[]
  const?: unknown
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  anyOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  patternProperties?: Record<string, JsonSchema>
}

type Parameter = { name: string; in: string; required?: boolean; description?: string; schema: JsonSchema }
type Body = { description?: string; content?: Record<string, { schema?: JsonSchema }> }
type Operation = {
  summary?: string
  tags?: string[]
  description?: string
  parameters?: Parameter[]
  requestBody?: Body
  responses?: Record<string, Body>
}

/** The part of OpenAPI 3.1 that our routes use. */
export type OpenApi = { paths: Record<string, Record<string, Operation>> }

/** Shapes that are written out below the routes, by their titles. */
type Shapes = Map<string, JsonSchema>

/** Routes with this tag are for programs of ours: their shapes are left to the OpenAPI document. */
const OWN_PROGRAMS = 'agents'

type Route = { name: string; operation: Operation; variants: readonly { suffix: string; operation: Operation }[] }

/**
 * An OpenAPI document as a page: a table of the routes, a section for each, and a section for each shape that has a title, written once
 * however often it is used. A path that is another one with `.html`, `.json` or `.txt` behind it is told with that one.
 * @throws where a route has no summary
 */
export function openapiMarkdown(document: OpenApi): string {
  const routes = routesOf(document)
  const shapes: Shapes = new Map()
  const sections = routes.flatMap((route) => routeLines(route, shapes))
  return [
    '## Routes',
    '',
    ...table(
      ['route', ''],
      routes.map(({ name, operation }) => [`[\`${name}\`](#${slugOf(name)})`, summaryOf(name, operation)]),
    ),
    ...sections,
    ...(shapes.size > 0 ? ['## Shapes', '', ...shapeSections(shapes)] : []),
  ].join('\n')
}

const suffixes = ['.html', '.json', '.txt']

function routesOf({ paths }: OpenApi): Route[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  )
  const byName = new Map(all.map(({ name, operation }) => [name, operation]))
  const isVariant = (name: string) =>
    suffixes.some((suffix) => name.endsWith(suffix) && byName.has(name.slice(0, -suffix.length)))
  return all
    .filter(({ name }) => !isVariant(name))
    .map(({ name, operation }) => ({
      name,
      operation,
      variants: suffixes.flatMap((suffix) => {
        const variant = byName.get(`${name}${suffix}`)
        return variant === undefined ? [] : [{ suffix, operation: variant }]
      }),
    }))
}

function summaryOf(name: string, { summary }: Operation): string {
  if (summary === undefined) throw new Error(`${name} has no summary in its schema`)
  return summary
}

function routeLines({ name, operation, variants }: Route, shapes: Shapes): string[] {
  const { tags, description, parameters = [], requestBody } = operation
  const written = tags?.includes(OWN_PROGRAMS) ? null : shapes
  const ends = variants.map(({ suffix }) => `\`${suffix}\``).join(', ')
  return [
    `### ${name}`,
    '',
    [`${summaryOf(name, operation)}.`, ...(description === undefined ? [] : [description])].join(' '),
    '',
    ...(ends === '' ? [] : [`With ${ends} behind the path, in that form whatever the header \`Accept\` says.`, '']),
    ...table(['parameter', 'in', 'allowed', ''], parameters.map(parameterRow)),
    ...(requestBody ? [`Body: ${contentOf([requestBody], written)}.`, ''] : []),
    ...table(['status', 'answer'], answerRows([operation, ...variants.map((variant) => variant.operation)], written)),
  ]
}

/** Of a route with its variants, a row for each status: what any of them says of it. */
function answerRows(operations: readonly Operation[], shapes: Shapes | null): string[][] {
  const statuses = new Set(operations.flatMap(({ responses = {} }) => Object.keys(responses)))
  return [...statuses].sort().map((status) => {
    const bodies = operations.flatMap(({ responses = {} }) => responses[status] ?? [])
    return [`\`${status}\``, contentOf(bodies, shapes)]
  })
}

const parameterRow = ({ name, in: place, required, description, schema }: Parameter): string[] => [
  `\`${name}\``,
  `${place}${required ? '' : ', optional'}`,
  typeText(schema, new Map()),
  inCell(description ?? schema.description ?? ''),
]

/** `application/json`: [Report](#report); the name alone where its shape is not written out. */
function contentOf(bodies: readonly Body[], shapes: Shapes | null): string {
  const schemas = new Map<string, JsonSchema | undefined>()
  for (const [type, { schema }] of bodies.flatMap(({ content = {} }) => Object.entries(content))) {
    const known = schemas.get(type)
    schemas.set(type, known?.title === undefined ? schema : known)
  }
  return [...schemas].map(([type, schema]) => bodyText(type, schema, shapes)).join('; ')
}

function bodyText(type: string, schema: JsonSchema | undefined, shapes: Shapes | null): string {
  if (schema?.title === undefined || !type.endsWith('json')) return `\`${type}\``
  return `\`${type}\`: ${shapes === null ? schema.title : typeText(schema, shapes)}`
}

/** Shapes found on the way are written, too. */
function shapeSections(shapes: Shapes): string[] {
  const lines: string[] = []
  // A Map goes on with what is set while it is read.
  for (const [title, schema] of shapes) {
    lines.push(`### ${title}`, '', ...(schema.description === undefined ? [] : [schema.description, '']))
    lines.push(...table(['member', 'type', ''], membersOf(schema, '', shapes)))
  }
  return lines
}

/** A row for each member; those of nested shapes without a title as `outer.inner`, of lists as `outer[].inner`. */
function membersOf(schema: JsonSchema, path: string, shapes: Shapes): string[][] {
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([name, member]) => {
    const here = `${path}${name}`
    const type = `${typeText(member, shapes)}${required.includes(name) ? '' : ', may be absent'}`
    return [[`\`${here}\``, type, inCell(descriptionOf(member))], ...inside(member, here, shapes)]
  })
}

function inside(member: JsonSchema, path: string, shapes: Shapes): string[][] {
  const { schema } = withoutNull(member)
  if (schema.title !== undefined) return []
  if (schema.properties !== undefined) return membersOf(schema, `${path}.`, shapes)
  return schema.items === undefined ? [] : inside(schema.items, `${path}[]`, shapes)
}

const descriptionOf = (schema: JsonSchema): string => schema.description ?? withoutNull(schema).schema.description ?? ''

/** Notes a shape with a title in `shapes`. */
function typeText(nullable: JsonSchema, shapes: Shapes): string {
  const { schema, orNull } = withoutNull(nullable)
  return `${plainTypeText(schema, shapes)}${orNull ? ' or null' : ''}`
}

function plainTypeText(schema: JsonSchema, shapes: Shapes): string {
  const { title, const: only, enum: words, anyOf, type = 'anything', items } = schema
  if (title !== undefined) {
    shapes.set(title, shapes.get(title) ?? schema)
    return `[${title}](#${slugOf(title)})`
  }
  if (only !== undefined) return code(only)
  if (words !== undefined) return words.map(code).join(', ')
  if (anyOf !== undefined) return anyOf.map((one) => typeText(one, shapes)).join(' or ')
  if (type === 'array') return `list of ${items === undefined ? 'anything' : typeText(items, shapes)}`
  const values = valuesOf(schema)
  if (type === 'object' && values !== null) return `object of ${typeText(values, shapes)}`
  return `${type}${rangeText(schema)}`
}

/** What each member of a record is; null where the members have names of their own. */
function valuesOf({ properties, additionalProperties, patternProperties }: JsonSchema): JsonSchema | null {
  if (properties !== undefined) return null
  if (typeof additionalProperties === 'object') return additionalProperties
  return Object.values(patternProperties ?? {})[0] ?? null
}

function rangeText({ minimum, maximum, pattern, maxLength }: JsonSchema): string {
  if (pattern !== undefined) return ` like \`${cell(pattern)}\``
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, at least ${minimum}`
  return maxLength === undefined ? '' : `, at most ${maxLength} characters`
}

function withoutNull(schema: JsonSchema): { schema: JsonSchema; orNull: boolean } {
  const rest = schema.anyOf?.filter(({ type }) => type !== 'null')
  const [only, ...more] = rest ?? []
  if (only === undefined || rest?.length === schema.anyOf?.length) return { schema, orNull: false }
  return { schema: more.length === 0 ? only : { ...schema, anyOf: [only, ...more] }, orNull: true }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const row = (cells: readonly string[]) => `| ${cells.map((text) => text.replaceAll('\n', ' ')).join(' | ')} |`
  return [row(head), `|${'---|'.repeat(head.length)}`, ...rows.map(row), '']
}

function code(value: unknown): string {
  if (value === '') return 'empty'
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

/** A description in a cell of a table: a capital letter, no full stop. */
const inCell = (text: string): string =>
  cell(text.replace(/^[a-z]/, (letter) => letter.toUpperCase()).replace(/\.$/, ''))
const cell = (text: string): string => text.replaceAll('|', '\\|')
