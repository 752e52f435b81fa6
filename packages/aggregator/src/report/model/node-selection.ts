import type { State } from '@oddnode/protocol'
import type { NodeSummary } from './moment.ts'

/** Which nodes a reader asks for. */
export type NodeQuery = {
  /** Words, each of which a node's name or an attribute must contain; `zone=eu-west-1a` names an attribute. */
  q: string
  state: State | null
  /** Nodes that are alike and well are one row. */
  fold: boolean
  /** From 1. */
  page: number
}

export const everyNode: NodeQuery = { q: '', state: null, fold: true, page: 1 }

/** Nodes that need no row of their own. */
export type FoldedNodes = { state: State; count: number; first: string; last: string }

export type NodeSelection = {
  /** The nodes of the page, odd ones first. */
  shown: readonly NodeSummary[]
  folded: readonly FoldedNodes[]
  page: number
  pages: number
  /** Nodes that the words and the state fit. */
  matching: number
  /** Odd nodes that are not on this page: they are named all the same. */
  oddElsewhere: readonly string[]
}

/** Nodes of a page: two rows each. */
export const NODES_PER_PAGE = 50
/** Fewer than these are all shown: there is nothing to gain. */
const FOLD_ABOVE = 12

/** Chooses the nodes of a page. @param nodes odd ones first */
export function selectNodes(nodes: readonly NodeSummary[], query: NodeQuery): NodeSelection {
  const fits = fitting(query)
  const matching = nodes.filter(fits)
  const foldable = query.fold && query.state === null && matching.length > FOLD_ABOVE ? matching.filter(isPlain) : []
  const plain = new Set(foldable)
  const listed = plain.size === 0 ? matching : matching.filter((node) => !plain.has(node))
  const pages = Math.max(1, Math.ceil(listed.length / NODES_PER_PAGE))
  const page = Math.min(query.page, pages)
  const shown = listed.slice((page - 1) * NODES_PER_PAGE, page * NODES_PER_PAGE)
  const here = new Set(shown)
  const oddElsewhere = nodes.filter((node) => isOdd(node) && !here.has(node)).map(({ name }) => name)
  return { shown, folded: groupsOf(foldable), page, pages, matching: matching.length, oddElsewhere }
}

const isOdd = ({ state }: NodeSummary) => state === 'failing' || state === 'degraded'

/** Well in all that was looked at, or not heard of yet: what one says of it is said of all. A silent node keeps its row. */
const isPlain = ({ state, agents }: NodeSummary) =>
  state === 'ok' || (state === 'no-data' && agents.every(({ status }) => status === 'expected'))

function fitting({ q, state }: NodeQuery): (node: NodeSummary) => boolean {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return (node) => (state === null || node.state === state) && words.every((word) => contains(node, word))
}

function contains({ name, attributes }: NodeSummary, word: string): boolean {
  if (name.toLowerCase().includes(word)) return true
  const [key = '', value] = word.split(/=(.*)/s)
  return Object.entries(attributes).some(([attribute, text]) =>
    value === undefined
      ? text.toLowerCase().includes(word)
      : attribute.toLowerCase() === key && text.toLowerCase() === value,
  )
}

function groupsOf(nodes: readonly NodeSummary[]): FoldedNodes[] {
  return [...Map.groupBy(nodes, ({ state }) => state)].map(([state, group]) => ({
    state,
    count: group.length,
    first: group[0]?.name ?? '',
    last: group.at(-1)?.name ?? '',
  }))
}
