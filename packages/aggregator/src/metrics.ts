import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Rejection, rejections } from './http/problem.ts'

/** The aggregator's own events, counted as they happen. */
export type Metrics = {
  registry: Registry
  pushed: () => void
  rejected: (reason: Rejection) => void
  evaluationTook: (seconds: number) => void
  evaluationFailed: () => void
  commitTook: (seconds: number) => void
}

/** What an operator needs to know of the store and the program; read at each scrape. */
export type OwnState = {
  /** Rows that wait for the next commit. */
  waiting: () => number
  /** What keeps the data file from being written; null while all is well. */
  trouble: () => string | null
  version: string
}

/** Its own registry, so that two aggregators in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  addProcessMetrics(registry)
  const pushes = new Counter({ name: 'oddnode_pushes_accepted_total', help: 'Pushes that were accepted.', registers })
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

/**
 * What every program on Node.js tells of itself, but for what is active in it: counting 20,000 connections at each scrape takes its time, and
 * these gauges are called `_total`, which is for counters.
 */
function addProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith('nodejs_active_')) registry.removeSingleMetric(name)
}

/** Adds what is read anew at each scrape. */
export function watchOwnState(registry: Registry, { waiting, trouble, version }: OwnState): void {
  const registers = [registry]
  const info = new Gauge({
    name: 'oddnode_build_info',
    help: 'Always 1; what runs here is in the labels.',
    labelNames: ['version', 'nodeversion'],
    registers,
  })
  info.set({ version, nodeversion: process.version }, 1)
  new Gauge({
    name: 'oddnode_store_rows_waiting',
    help: 'Rows that wait for the next commit.',
    registers,
    collect() {
      this.set(waiting())
    },
  })
  new Gauge({
    name: 'oddnode_store_failing',
    help: '1 while the data file cannot be written.',
    registers,
    collect() {
      this.set(trouble() === null ? 0 : 1)
    },
  })
}
