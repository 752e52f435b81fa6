import type { Finding } from '@oddnode/protocol'
import type { ReadMoment } from '../src/metrics-fleet.ts'
import type { NodeSummary } from '../src/report/model/moment.ts'

/** A node without probes, as a moment has it. */
export const summaryOf = (name: string, changes: Partial<NodeSummary> = {}): NodeSummary => ({
  name,
  state: 'ok',
  ready: null,
  attributes: {},
  agents: [{ vantage: 'pod', state: 'ok', status: 'reporting' }],
  clock: { offsetSeconds: -0.002, uncertaintySeconds: 0.0005, state: 'ok' },
  columns: '',
  ...changes,
})

/** The present, made by hand. */
export const momentOf = (nodes: readonly NodeSummary[], findings: Finding[] = []): ReadMoment => ({
  head: { findings },
  nodes,
})
