import { kubectl } from './commands.ts'

/** @returns `kind/name` of every object of ours in the cluster, of whatever kind the cluster knows */
export async function leftovers(): Promise<string[]> {
  const kinds = (await kubectl('api-resources', '--verbs=list', '--output=name')).trim().split('\n')
  const label = 'app.kubernetes.io/part-of=oddnode'
  const found = await kubectl(
    'get',
    kinds.join(','),
    '--all-namespaces',
    '--selector',
    label,
    '--output=name',
    '--ignore-not-found',
  )
  return found.split('\n').filter((name) => name !== '')
}
