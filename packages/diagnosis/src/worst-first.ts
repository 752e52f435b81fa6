import { type Finding, type Scope, severities } from '@oddnode/protocol'

type Ranked = Pick<Finding, 'severity' | 'scope' | 'since' | 'id'>

/** How far a finding of a kind reaches: all nodes, whoever asks one server, or the nodes that it names. */
const farthestFirst: readonly Scope['kind'][] = ['cluster', 'endpoint']
const NODES = farthestFirst.length

/**
 * The order of findings for a reader, for `sort`: by severity; of one severity that which reaches farther (the cluster, a server that fails
 * whoever asks it, more nodes, fewer nodes); then the oldest.
 */
export function worstFirst(a: Ranked, b: Ranked): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    reachOf(a.scope) - reachOf(b.scope) ||
    b.scope.nodes.length - a.scope.nodes.length ||
    compare(a.since, b.since) ||
    compare(a.id, b.id)
  )
}

function reachOf({ kind }: Scope): number {
  const place = farthestFirst.indexOf(kind)
  return place < 0 ? NODES : place
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
