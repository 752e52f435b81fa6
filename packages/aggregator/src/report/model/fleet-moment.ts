import {
  addToTally,
  agentKey,
  agentStatus,
  createTally,
  type Fleet,
  type FleetAgent,
  type FleetNode,
  namedNodes,
  verdictOfTally,
} from '@oddnode/diagnosis'
import { visibleText } from '@oddnode/protocol'
import { worstFirst } from '../format.ts'
import { addLatency, createLatencyTally, type LatencyColumn, latencyOf } from './latency.ts'
import type { Heard, Moment, NodeSummary } from './moment.ts'
import { byName } from './name-order.ts'
import type { Summaries } from './node-summary.ts'
import { nodeView } from './node-view.ts'
import { noticesOf } from './situation.ts'
import { timelineOf } from './timeline.ts'
import { headOf, type ViewInput } from './view.ts'

/** A fleet to look at, whose agents may have to be fetched. */
export type FleetInput = ViewInput & {
  /** It is of the past, and never changes. */
  past: boolean
  /** Whether moments of the past can be asked for. */
  keepsPast: boolean
  /** Oddnode's own namespace; null where it is not known. */
  namespace: string | null
  /** Looks at a node while its agents are in the fleet. */
  visit: <T>(node: FleetNode, look: () => T) => T
  summaries: Summaries
  /** What is known of answer times already; null where they must be looked at. */
  latency: readonly LatencyColumn[] | null
}

/** Nodes that are looked at between two steps: less than a millisecond, or some where their agents must be fetched. */
const NODES_PER_STEP = 10

/**
 * A fleet as a moment, step by step: of 10,000 nodes it is some hundred milliseconds of work, and pushes may come between two steps. A
 * node with all its probes is looked at when it is asked for.
 */
export function* momentOfFleet(input: FleetInput): Generator<void, Moment, void> {
  const { fleet, visit, past, keepsPast, namespace } = input
  const named = namedNodes(fleet)
  const tally = createTally()
  const hearing = createHearing()
  const latency = createLatencyTally()
  const nodes: NodeSummary[] = []
  const look = (node: FleetNode) => {
    addToTally(tally, fleet, node)
    for (const agent of agentsOf(fleet, node)) {
      hear(hearing, agent)
      const reports = agentStatus(fleet, node, agent, fleet.now) === 'reporting'
      if (input.latency === null && reports) addLatency(latency, fleet, agent)
    }
    nodes.push(input.summaries(fleet, node, named.get(node.name)))
  }
  for (const node of fleet.nodes.values()) {
    visit(node, () => look(node))
    if (nodes.length % NODES_PER_STEP === 0) yield
  }
  const known = new Map([...fleet.nodes.values()].map((node) => [visibleText(node.name), node]))
  const head = headOf(input, verdictOfTally(tally, fleet))
  const heard = heardOf(hearing, fleet)
  yield
  return {
    head: { ...head, notices: noticesOf({ head, heard, past, namespace }) },
    past,
    keepsPast,
    nodes: nodes.sort(odderFirst),
    node: (name) => {
      const node = known.get(name)
      return node === undefined ? null : visit(node, () => nodeView(fleet, node, named.get(node.name)))
    },
    heard,
    timeline: timelineOf(head.findings),
    latency: input.latency ?? (yield* latencyOf(latency)),
  }
}

const agentsOf = ({ agents }: Fleet, { name, expected }: FleetNode): FleetAgent[] =>
  expected.flatMap((vantage) => agents.get(agentKey(name, vantage)) ?? [])

/** What tells how fresh all of it is; times in seconds on the aggregator's clock. */
type Hearing = { first: number; latest: number; roundSeconds: number }

const createHearing = (): Hearing => ({ first: Infinity, latest: -Infinity, roundSeconds: 0 })

function hear(hearing: Hearing, { firstSeen, lastSeen, plan }: FleetAgent): void {
  hearing.first = Math.min(hearing.first, firstSeen)
  hearing.latest = Math.max(hearing.latest, lastSeen)
  hearing.roundSeconds = Math.max(hearing.roundSeconds, plan.intervalSeconds)
}

/** What an agent does without a plan. */
const USUAL_ROUND_SECONDS = 15

const heardOf = ({ first, latest, roundSeconds }: Hearing, { listeningSince }: Fleet): Heard => ({
  latestAt: latest === -Infinity ? null : instantOf(latest),
  firstAt: first === Infinity ? null : instantOf(first),
  roundSeconds: roundSeconds || USUAL_ROUND_SECONDS,
  startedAt: instantOf(listeningSince),
})

const instantOf = (seconds: number) => new Date(seconds * 1000).toISOString()

const odderFirst = (a: NodeSummary, b: NodeSummary) =>
  worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state) || byName(a.name, b.name)
