// What the API of one version of Kubernetes takes, by the OpenAPI document that this version published of itself.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { type GoModule, moduleFolder } from './go-module.ts'
import { KUBERNETES } from './helm.ts'

/** The oldest that the chart installs on. */
export const OLDEST_KUBERNETES: GoModule = {
  path: 'k8s.io/kubernetes',
  version: `v${KUBERNETES}`,
  sum: 'h1:u3Yw8rNlo2NDSGaDpoxoHXLPQnEu1tfqHATKOJe94HY=',
}

/** An object of the API. */
export type ApiObject = { apiVersion: string; kind: string; metadata: { name: string } }

type Definition = {
  properties?: Record<string, object>
  additionalProperties?: unknown
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}
type Definitions = Record<string, Definition>

/** Written as a text or as a number, and described as a text alone. */
const numbersToo = ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', 'io.k8s.apimachinery.pkg.api.resource.Quantity']

/** @returns what is wrong with an object, one line each: unknown fields, too; null for a kind that this version does not know */
export function checkOf(kubernetes: GoModule): (object: ApiObject) => string[] | null {
  const file = join(moduleFolder(kubernetes), 'api/openapi-spec/swagger.json')
  const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Definitions }
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ definitions: closed(definitions) }, 'kubernetes')
  return (object) => {
    const name = nameOf(definitions, object)
    if (name === null) return null
    const validate = ajv.getSchema(`kubernetes#/definitions/${name}`)
    if (!validate) throw new Error(`no schema ${name}`)
    if (validate(object)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}

/** With `--validate=strict` the API server refuses fields that it does not know. */
function closed(definitions: Definitions): Definitions {
  const one = ([name, definition]: [string, Definition]): [string, object] => {
    if (numbersToo.includes(name)) return [name, { type: ['string', 'number'] }]
    const isOpen = definition.properties === undefined || definition.additionalProperties !== undefined
    return [name, isOpen ? definition : { ...definition, additionalProperties: false }]
  }
  return Object.fromEntries(Object.entries(definitions).map(one))
}

function nameOf(definitions: Definitions, { apiVersion, kind }: ApiObject): string | null {
  const [version, group = ''] = apiVersion.split('/').reverse()
  const isIt = ({ 'x-kubernetes-group-version-kind': kinds = [] }: Definition) =>
    kinds.length === 1 &&
    kinds.some((known) => known.group === group && known.version === version && known.kind === kind)
  return Object.entries(definitions).find(([, definition]) => isIt(definition))?.[0] ?? null
}
