import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { kubectl } from './commands.ts'
import { NAMESPACE } from './release.ts'

/** `pods list watch`, `configmaps/coredns get list watch`: resource with its group, name, verbs. */
type Right = string

/** The rights that every service account has, and that of these one alone. */
const NOBODY = 'system:serviceaccount:default:nobody'

/** What a service account of the release may do in a namespace, beyond what any account may. */
export async function rightsOf(account: string, namespace: string): Promise<Right[]> {
  const of = (user: string) => kubectl('auth', 'can-i', '--list', `--as=${user}`, `--namespace=${namespace}`)
  const common = new Set(rightsIn(await of(NOBODY)))
  const own = rightsIn(await of(`system:serviceaccount:${NAMESPACE}:${account}`))
  return own.filter((right) => !common.has(right)).sort()
}

/** The table of the chart's README, for a namespace; without what is granted only when a value asks for it. */
export function documentedRights(namespace: string, dnsNamespaces: readonly string[]): Right[] {
  const readme = readFileSync(resolve(import.meta.dirname, '../../charts/oddnode/README.md'), 'utf8')
  const [, table = ''] = /\| namespace \| group \|.*\n\|---.*\n([\s\S]*?)\n\n/.exec(readme) ?? []
  const places = ['all', namespace]
  if (namespace === NAMESPACE) places.push('its own')
  if (dnsNamespaces.includes(namespace)) places.push('`rbac.dnsNamespaces`')
  const rows = table.split('\n').map((row) => row.split('|').map((cell) => cell.trim()))
  return rows
    .filter(([, place = '', , , , why = '']) => places.includes(place) && !why.includes('`events.enabled=true` only'))
    .flatMap(([, , group = '', resources = '', verbs = '']) => rightsOfRow(group, resources, verbs))
    .sort()
}

function rightsOfRow(group: string, resources: string, verbs: string): Right[] {
  const [kinds = '', names = ''] = resources.split(': ')
  const suffix = group === '' ? '' : `.${group}`
  return kinds
    .split(', ')
    .flatMap((kind) =>
      names.split(', ').map((name) => `${kind}${suffix}${name && `/${name}`} ${verbs.replaceAll(', ', ' ')}`),
    )
}

/** Reads the table of `kubectl auth can-i --list`. */
function rightsIn(table: string): Right[] {
  return table.split('\n').flatMap((line) => {
    const [, resource, names = '', verbs = ''] = /^(\S+) +\[\] +\[(.*?)\] +\[(.*?)\]$/.exec(line.trimEnd()) ?? []
    if (resource === undefined) return []
    return names.split(' ').map((name) => `${resource}${name && `/${name}`} ${verbs}`)
  })
}
