import type { ClockSample, Plan, Vantage } from '@oddnode/protocol'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import Registry from 'prom-client/lib/registry.js'
import type { Delivery } from './deliver.ts'
import { createProbeMetrics, type ProbeMetrics } from './probe-metrics.ts'
import { addProcessMetrics } from './process-metrics.ts'

/** What the rest of the agent reports. */
export type AgentMetrics = {
  /** From now on samples are of this plan; series of probes and clocks that it does not have are dropped. */
  setPlan: (plan: Plan) => void
  sample: ProbeMetrics['sample']
  clock: (sample: ClockSample) => void
  delivery: (kind: Delivery['kind']) => void
  /** Text exposition format 0.0.4, in parts. */
  text: () => AsyncIterable<string>
  contentType: string
}

export type MetricsContext = {
  node: string
  vantage: Vantage
  version: string
  /** Rounds that wait to be pushed, and those that were dropped since the start. */
  buffered: () => { rounds: number; dropped: number }
}

/** The agent's own metrics, every probe in detail. */
export function createMetrics({ node, vantage, version, buffered }: MetricsContext): AgentMetrics {
  const registry = new Registry()
  registry.setDefaultLabels({ node, vantage })
  addBuildInfo(registry, version)
  addProcessMetrics(registry)
  addBufferMetrics(registry, buffered)
  const probes = createProbeMetrics({ node, vantage })
  const clocks = createClockMetrics(registry)
  const pushes = createPushCounter(registry)
  return {
    setPlan: (plan) => {
      probes.setPlan(plan)
      clocks.keepOnly(plan.ntp.map(({ address }) => address))
    },
    sample: probes.sample,
    clock: clocks.sample,
    delivery: (kind) => {
      pushes.inc({ outcome: kind })
      // What the aggregator said last would look fresh for as long as no push arrives.
      if (kind === 'failed') clocks.forgetAggregator()
    },
    text: async function* () {
      yield `${await registry.metrics()}\n`
      yield* probes.text()
    },
    contentType: registry.contentType,
  }
}

function addBuildInfo(registry: Registry, version: string): void {
  const info = new Gauge({
    name: 'oddnode_build_info',
    help: 'Always 1; what runs here is in the labels.',
    labelNames: ['version', 'nodeversion'],
    registers: [registry],
  })
  info.set({ version, nodeversion: process.version }, 1)
}

function addBufferMetrics(registry: Registry, buffered: MetricsContext['buffered']): void {
  new Gauge({
    name: 'oddnode_buffered_rounds',
    help: 'Rounds that wait to be pushed.',
    registers: [registry],
    collect() {
      this.set(buffered().rounds)
    },
  })
  new Counter({
    name: 'oddnode_dropped_rounds_total',
    help: 'Rounds that the full buffer dropped, oldest first.',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(buffered().dropped)
    },
  })
}

function createPushCounter(registry: Registry) {
  const pushes = new Counter({
    name: 'oddnode_pushes_total',
    help: 'Pushes of a round, by what came of it: accepted, rejected (dropped), failed (tried again).',
    labelNames: ['outcome'],
    registers: [registry],
  })
  for (const outcome of ['accepted', 'rejected', 'failed'] satisfies Delivery['kind'][]) pushes.inc({ outcome }, 0)
  return pushes
}

const referenceLabelNames = ['kind', 'reference'] as const

function createClockMetrics(registry: Registry) {
  const registers = [registry]
  const offset = new Gauge({
    name: 'oddnode_clock_offset_seconds',
    help: 'Clock of this node against a reference; positive: this node is ahead.',
    labelNames: referenceLabelNames,
    registers,
  })
  const uncertainty = new Gauge({
    name: 'oddnode_clock_uncertainty_seconds',
    help: 'How far the clock offset may be from the truth, either way.',
    labelNames: referenceLabelNames,
    registers,
  })
  const outcomes = new Counter({
    name: 'oddnode_clock_samples_total',
    help: 'Clock exchanges by what came of them.',
    labelNames: ['kind', 'outcome'],
    registers,
  })
  /** References that have a series now. */
  const shown = new Map<string, ClockSample['reference']>()

  function hide(key: string, { kind, address }: ClockSample['reference']) {
    shown.delete(key)
    offset.remove({ kind, reference: address })
    uncertainty.remove({ kind, reference: address })
  }
  function hideWhere(isGone: (reference: ClockSample['reference']) => boolean) {
    for (const [key, reference] of shown) if (isGone(reference)) hide(key, reference)
  }
  const forgetAggregator = () => hideWhere(({ kind }) => kind === 'aggregator')

  return {
    forgetAggregator,
    keepOnly: (ntpAddresses: readonly string[]) =>
      hideWhere(({ kind, address }) => kind === 'ntp' && !ntpAddresses.includes(address)),
    sample: ({ reference, outcome, offsetSeconds, uncertaintySeconds }: ClockSample) => {
      const { kind, address } = reference
      const key = `${kind} ${address}`
      outcomes.inc({ kind, outcome })
      // A new aggregator has a new address, and a failed exchange no offset: the last one would look fresh for ever.
      if (kind === 'aggregator' && !shown.has(key)) forgetAggregator()
      if (offsetSeconds === null || uncertaintySeconds === null) return hide(key, reference)
      shown.set(key, reference)
      offset.set({ kind, reference: address }, offsetSeconds)
      uncertainty.set({ kind, reference: address }, uncertaintySeconds)
    },
  }
}
