import type { Cluster } from '@oddnode/protocol'
import { byRendezvous } from './hash.ts'
import { type SampledNode, watchersOf } from './sampling.ts'

type RosterNode = Cluster['nodes'][number]

/**
 * The nodes that tasks are given to: ready ones, whose agent reports where any does.
 * @param isHeard whether the pod agent of a node reports: a silent one would do nothing
 */
export function ableNodes(nodes: readonly RosterNode[], isHeard: (node: string) => boolean): RosterNode[] {
  const ready = nodes.filter((node) => node.ready && node.expected.length > 0)
  const heard = ready.filter(({ name }) => isHeard(name))
  return heard.length > 0 ? heard : ready
}

export const sampledNode = ({ name, attributes }: RosterNode): SampledNode => ({
  name,
  zone: attributes['zone'] ?? '',
})

/** Nodes whose pod agent asks what only one of a group needs to ask. */
export function groupAskersOf(nodes: readonly RosterNode[]): Set<string> {
  const groups = Map.groupBy(
    nodes.filter(({ expected }) => expected.includes('pod')),
    ({ group }) => group,
  )
  return new Set([...groups].flatMap(([group, members]) => byRendezvous(members, `group ${group}`, 1)[0]?.name ?? []))
}

/** The buckets of endpoints that nodes watch, by node; a node that watches none is left out. */
export function watchedBy(nodes: readonly SampledNode[], buckets: Iterable<number>): Map<string, number[]> {
  const watched = new Map<string, number[]>()
  for (const bucket of buckets) {
    for (const { name } of watchersOf(nodes, bucket)) watched.set(name, [...(watched.get(name) ?? []), bucket])
  }
  return watched
}
