import type { ClusterRole } from '../kubernetes/objects.ts'

/** What CoreDNS must be able to list and watch, by API group. */
const needed = [
  { group: '', resource: 'services' },
  { group: '', resource: 'namespaces' },
  { group: '', resource: 'pods' },
  { group: 'discovery.k8s.io', resource: 'endpointslices' },
] as const

const verbs = ['list', 'watch'] as const

/** @returns what a ClusterRole lacks of what CoreDNS needs, e.g. `list endpointslices` */
export function missingRights({ rules = [] }: ClusterRole): string[] {
  return needed.flatMap(({ group, resource }) =>
    verbs
      .filter(
        (verb) =>
          !rules.some(
            (rule) => allows(rule.apiGroups, group) && allows(rule.resources, resource) && allows(rule.verbs, verb),
          ),
      )
      .map((verb) => `${verb} ${resource}`),
  )
}

const allows = (listed: readonly string[] = [], wanted: string): boolean =>
  listed.includes(wanted) || listed.includes('*')
