import { type Scope, vantages } from '@oddnode/protocol'
import type { Fleet } from './fleet.ts'
import { isHeard } from './silence.ts'

/** One node, or a group of them with what they share. @param nodes at least one, in order */
export function nodesScope(fleet: Fleet, nodes: readonly string[], subject: Scope['subject'] = null): Scope {
  return {
    kind: nodes.length === 1 ? 'node' : 'group',
    nodes: [...nodes],
    shared: sharedAttributes(fleet, nodes),
    subject,
  }
}

/** One server that fails whoever asks. */
export function endpointScope(subject: NonNullable<Scope['subject']>): Scope {
  return { kind: 'endpoint', nodes: [], shared: {}, subject }
}

/** All nodes alike. */
export function clusterScope(subject: Scope['subject'] = null): Scope {
  return { kind: 'cluster', nodes: [], shared: {}, subject }
}

/** The nodes, or the whole cluster where it is every node that anybody hears from, and there are several. */
export function scopeOfNodes(fleet: Fleet, nodes: readonly string[], subject: Scope['subject'] = null): Scope {
  return nodes.length > 1 && areAllHeard(fleet, nodes.length)
    ? clusterScope(subject)
    : nodesScope(fleet, nodes, subject)
}

function areAllHeard({ agents }: Fleet, count: number): boolean {
  if (count * vantages.length < agents.size) return false
  return count >= new Set([...agents.values()].map(({ node }) => node)).size
}

/** What these nodes have in common, and no other node has that is heard now: what another one would be is not known. */
export function sharedAttributes(fleet: Fleet, nodes: readonly string[]): Record<string, string> {
  const inside = new Set(nodes)
  const members = nodes.map((name) => fleet.nodes.get(name)?.attributes ?? {})
  let shared = Object.entries(members[0] ?? {}).filter(([name, value]) =>
    members.every((attributes) => attributes[name] === value),
  )
  let hasOthers = false
  for (const node of fleet.nodes.values()) {
    if (shared.length === 0) return {}
    const isLike = shared.some(([name, value]) => node.attributes[name] === value)
    if (inside.has(node.name) || (hasOthers && !isLike) || !isHeard(fleet, node)) continue
    hasOthers = true
    shared = shared.filter(([name, value]) => node.attributes[name] !== value)
  }
  return hasOthers ? Object.fromEntries(shared.sort(([a], [b]) => (a < b ? -1 : 1))) : {}
}
