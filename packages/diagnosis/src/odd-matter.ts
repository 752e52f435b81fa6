import type { Role, Scope } from '@oddnode/protocol'
import { targetKey } from './cell.ts'
import type { OddCell } from './differences.ts'
import type { Fleet } from './fleet.ts'
import { clusterScope, endpointScope, nodesScope } from './scope.ts'

/** Odd cells that belong together, on one scope. */
export type OddMatter = {
  scope: Scope
  /** All of them. */
  cells: readonly OddCell[]
  /** Those of the first nodes: what a person can read. */
  shown: readonly OddCell[]
}

/** Nodes whose rows are shown of a group or a cluster. */
const SHOWN_NODES = 3
const SHOWN_CELLS = 60

/** One server behind an address; the others are a service or have an instance on every node. */
const singleServers: ReadonlySet<Role> = new Set(['endpoint', 'upstream', 'resolv-conf'])

/**
 * Gathers odd cells by where the cause must be: a server that fails whoever asks, all nodes alike, nodes with the same odd cells, or one
 * node. Only what has lasted is told; what has just begun on the same scope goes with it.
 */
export function matterOf(fleet: Fleet, oddCells: readonly OddCell[]): OddMatter[] {
  const everywhere = oddCells.filter((cell) => cell.everywhere)
  const matters = [
    ...ofTargets(withoutByDesign(everywhere)),
    ...ofNodes(
      fleet,
      oddCells.filter((cell) => !cell.everywhere),
    ),
  ]
  return matters.filter(({ cells }) => cells.some(({ ripe }) => ripe)).map(withShown)
}

type Bare = Pick<OddMatter, 'scope' | 'cells'>

/** That no pod at all may ask an upstream which the hosts reach is often meant so. */
function withoutByDesign(everywhere: readonly OddCell[]): OddCell[] {
  const hosts = new Set(everywhere.filter(({ vantage }) => vantage === 'host').map(({ target }) => targetKey(target)))
  return everywhere.filter(
    (cell) => cell.vantage === 'host' || cell.target.role !== 'upstream' || hosts.has(targetKey(cell.target)),
  )
}

function ofTargets(cells: readonly OddCell[]): Bare[] {
  const targets = groupBy(cells, ({ target }) => targetKey(target))
  const [first] = cells
  if (first === undefined) return []
  if (targets.size > 1) return [{ scope: clusterScope(), cells }]
  const { role, address } = first.target
  const subject = { role, address, pod: null, node: null }
  return [{ scope: singleServers.has(role) ? endpointScope(subject) : clusterScope(subject), cells }]
}

function ofNodes(fleet: Fleet, cells: readonly OddCell[]): Bare[] {
  const undecided = cells.filter((cell) => cell.undecided)
  const decided = [
    ...groupBy(
      cells.filter((cell) => !cell.undecided),
      ({ node }) => node,
    ).values(),
  ]
  const alike = groupBy(decided, signatureOf)
  return [
    ...[...alike.values()].map((rows) => ofGroup(fleet, rows.flat())),
    ...(undecided.length > 0 ? [ofGroup(fleet, undecided)] : []),
  ]
}

function ofGroup(fleet: Fleet, cells: readonly OddCell[]): Bare {
  const nodes = [...new Set(cells.map(({ node }) => node))].sort()
  const [first] = cells
  const single = first !== undefined && cells.every((cell) => targetKey(cell.target) === targetKey(first.target))
  const subject = single ? { role: first.target.role, address: first.target.address, pod: null, node: null } : null
  return { scope: nodesScope(fleet, nodes, subject), cells }
}

/** What of a node is odd: nodes with the same are alike. */
function signatureOf(row: readonly OddCell[]): string {
  return [...new Set(row.map((cell) => `${cell.kind} ${cell.vantage} ${targetKey(cell.target)}`))].sort().join('\n')
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, keyOf)
}

function withShown({ scope, cells }: Bare): OddMatter {
  const nodes = new Set([...new Set(cells.map(({ node }) => node))].sort().slice(0, SHOWN_NODES))
  const shown = cells
    .filter(({ node }) => nodes.has(node))
    .sort((a, b) => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0))
  return { scope, cells, shown: shown.slice(0, SHOWN_CELLS) }
}
