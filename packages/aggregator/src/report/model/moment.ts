import type { Report, ReportAgent, ReportClock, ReportNode, TimelineEntry } from '@oddnode/protocol'
import type { Beside } from './clock-comparison.ts'
import type { LatencyColumn } from './latency.ts'

/** The report without its nodes: what is on every page. */
export type ReportHead = Omit<Report, 'nodes'>

/** What of a node is known without its probes: 10,000 of them are made for every page. */
export type NodeSummary = Pick<ReportNode, 'name' | 'state' | 'ready' | 'attributes'> & {
  /** Host first. */
  agents: readonly Pick<ReportAgent, 'vantage' | 'state' | 'status'>[]
  clock: Pick<ReportClock, 'offsetSeconds' | 'uncertaintySeconds' | 'state'>
  /** A key of what its agents' plans ask: equal for nodes whose columns of the matrix are equal. */
  columns: string
}

/** The report at one moment, of the present or of the past: what all pages are made of. */
export type Moment = {
  head: ReportHead
  /** It was asked for by `?at=`, and never changes. */
  past: boolean
  /** All nodes, odd ones first, then by name. */
  nodes: readonly NodeSummary[]
  /** A node with all its probes; null where there is none of this name. */
  node: (name: string) => ReportNode | null
  /** How fresh all of it is. */
  heard: Heard
  /** Whether moments of the past can be asked for. */
  keepsPast: boolean
  /** Findings of the last day, open ones first. */
  timeline: readonly TimelineEntry[]
  /** One for each vantage, target and transport. */
  latency: readonly LatencyColumn[]
}

/** When the aggregator heard of agents. */
export type Heard = {
  /** The newest push of any agent, RFC 3339; null before the first. */
  latestAt: string | null
  /** The first push of the agent that is known longest, RFC 3339; null before it. */
  firstAt: string | null
  /** Seconds from one round of an agent to its next. */
  roundSeconds: number
  /** The start of the aggregator, RFC 3339. */
  startedAt: string
}

/** Who may be laid beside the nodes of a finding. */
export const besideOf = ({ node, nodes }: Pick<Moment, 'node' | 'nodes'>): Beside => ({
  node,
  candidates: () => healthyNames(nodes),
})

function* healthyNames(nodes: readonly NodeSummary[]): Generator<string> {
  for (const { name, state } of nodes) if (state === 'ok') yield name
}

/** The first nodes of a moment as a report, all of them without `most`. */
export function reportOf({ head, nodes, node }: Moment, most: number = nodes.length): Report {
  return { ...head, nodes: nodes.slice(0, most).flatMap(({ name }) => node(name) ?? []) }
}

/**
 * The whole report as JSON, piece by piece: of 10,000 nodes it is hundreds of megabytes, which nobody waits for at once. Between two pieces
 * the reader of the pieces may do something else.
 */
export function* reportJson({ head, nodes, node }: Moment): Generator<string, void, void> {
  yield `${JSON.stringify({ ...head, nodes: [] }).slice(0, -2)}`
  let separator = ''
  for (const { name } of nodes) {
    const view = node(name)
    if (view === null) continue
    yield separator + JSON.stringify(view)
    separator = ','
  }
  yield ']}'
}
