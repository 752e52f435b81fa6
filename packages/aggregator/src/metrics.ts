import { clockState, type Fleet, nodeState, visibleFindings } from '@oddnode/diagnosis'
import { states, vantages } from '@oddnode/protocol'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { countAgents } from './count-agents.ts'
import { type Rejection, rejections } from './http/problem.ts'
import type { RejectedAgents } from './rejected-agents.ts'

/** The aggregator's own events, counted as they happen. */
export type Metrics = {
  registry: Registry
  pushed: () => void
  rejected: (reason: Rejection) => void
  evaluationTook: (seconds: number) => void
  evaluationFailed: () => void
  commitTook: (seconds: number) => void
}

/** What present state is read from when somebody scrapes. */
export type MetricSources = {
  fleet: Fleet
  rejectedAgents: RejectedAgents
  /** Rows that wait for the next commit. */
  waiting: () => number
  /** What keeps the data file from being written; null while all is well. */
  trouble: () => string | null
  version: string
  /** Seconds on the fleet's clock. */
  now: () => number
}

/** Its own registry, so that two aggregators in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const pushes = new Counter({ name: 'oddnode_pushes_total', help: 'Pushes that were accepted.', registers })
  const rejected = new Counter({
    name: 'oddnode_pushes_rejected_total',
    help: 'Pushes that were refused, by reason.',
    labelNames: ['reason'],
    registers,
  })
  for (const reason of rejections) rejected.inc({ reason }, 0)
  const failures = new Counter({
    name: 'oddnode_evaluation_errors_total',
    help: 'Evaluations that ended with an error, which is a bug.',
    registers,
  })
  const evaluation = new Histogram({
    name: 'oddnode_evaluation_duration_seconds',
    help: 'Time that working out the findings took.',
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
    registers,
  })
  const commit = new Histogram({
    name: 'oddnode_store_commit_duration_seconds',
    help: 'Time that writing one group of changes took.',
    buckets: [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
    registers,
  })
  return {
    registry,
    pushed: () => pushes.inc(),
    rejected: (reason) => rejected.inc({ reason }),
    evaluationTook: (seconds) => evaluation.observe(seconds),
    evaluationFailed: () => failures.inc(),
    commitTook: (seconds) => commit.observe(seconds),
  }
}

/** Adds the metrics of the present state. Each scrape fills them anew, so that what is gone leaves no series behind. */
export function watchState(registry: Registry, sources: MetricSources): void {
  const { fleet, rejectedAgents, version } = sources
  gauge(registry, 'oddnode_build_info', 'Always 1; the version is in the label.', ['version'], (set) =>
    set({ version }, 1),
  )
  gauge(registry, 'oddnode_store_rows_waiting', 'Rows that wait for the next commit.', [], (set) =>
    set({}, sources.waiting()),
  )
  gauge(registry, 'oddnode_store_failing', '1 while the data file cannot be written.', [], (set) =>
    set({}, sources.trouble() === null ? 0 : 1),
  )
  gauge(registry, 'oddnode_agents', 'Agents by vantage and status.', ['vantage', 'status'], (set) => {
    for (const vantage of vantages) {
      const counts = countAgents(fleet, vantage)
      for (const [status, count] of Object.entries(counts)) set({ vantage, status }, count)
      set({ vantage, status: 'rejected' }, rejectedAgents.count(vantage, sources.now()))
    }
  })
  const age = 'Seconds since the last push of an agent was received.'
  gauge(registry, 'oddnode_agent_last_push_age_seconds', age, ['node', 'vantage'], (set) => {
    for (const { node, vantage, lastSeen } of fleet.agents.values())
      set({ node, vantage }, Math.max(0, sources.now() - lastSeen))
  })
  watchNodes(registry, fleet)
  watchFindings(registry, fleet)
}

function watchNodes(registry: Registry, fleet: Fleet): void {
  gauge(
    registry,
    'oddnode_node_state',
    '1 for the state that a node is in, 0 for the others.',
    ['node', 'state'],
    (set) => {
      for (const node of fleet.nodes.values()) {
        const present = nodeState(fleet, node, fleet.now)
        for (const state of states) set({ node: node.name, state }, state === present ? 1 : 0)
      }
    },
  )
  const readings = () =>
    [...fleet.nodes.values()].map((node) => ({ node: node.name, ...clockState(fleet, node, fleet.now) }))
  const offset = "Offset of a node's clock, as the report tells it; + is ahead."
  gauge(registry, 'oddnode_node_clock_offset_seconds', offset, ['node'], (set) => {
    for (const { node, reading } of readings()) if (reading) set({ node }, reading.offsetSeconds)
  })
  gauge(registry, 'oddnode_node_clock_uncertainty_seconds', 'Uncertainty of that offset.', ['node'], (set) => {
    for (const { node, reading } of readings()) if (reading) set({ node }, reading.uncertaintySeconds)
  })
}

function watchFindings(registry: Registry, fleet: Fleet): void {
  const labels = ['fault', 'severity', 'scope', 'node']
  gauge(
    registry,
    'oddnode_finding_active',
    '1 for each open finding and node; node is empty for one that names none: of a server, of the cluster.',
    labels,
    (set) => {
      for (const { fault, severity, scope } of visibleFindings(fleet)) {
        const nodes = scope.nodes.length === 0 ? [''] : scope.nodes
        for (const node of nodes) set({ fault, severity, scope: scope.kind, node }, 1)
      }
    },
  )
}

type SetGauge = (labels: Record<string, string>, value: number) => void

function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
  fill: (set: SetGauge) => void,
): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      fill((labels, value) => this.set(labels, value))
    },
  })
}
