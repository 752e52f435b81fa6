import { type AgentRow, createNode, probeKey } from '@oddnode/diagnosis'
import type { Finding } from '@oddnode/protocol'
import { type Batch, emptyBatch } from '../../src/store/store.ts'
import { clockSample, clusterPlan } from '../pushing.ts'

export const plan = clusterPlan('host')
export const AT = 1_795_251_600

export const agentRow = (node = 'node-1', changes: Partial<AgentRow> = {}): AgentRow => ({
  node,
  vantage: 'host',
  version: '0.1.0',
  planId: plan.id,
  firstSeen: AT,
  lastSeen: AT + 60,
  stopped: false,
  droppedRounds: 2,
  applied: { '0123456789abcdef': { through: 3, above: [5] } },
  ...changes,
})

export const stateRow = (probe: number, agent = 'host/node-1'): Batch['states'][number] => ({
  agent,
  state: {
    probe,
    state: 'failing',
    reason: null,
    outcome: 'timeout',
    outcomes: { timeout: 5 },
    rcode: null,
    answered: 0,
    asked: 5,
    medianSeconds: null,
    since: AT + 10,
    lastSampleAt: AT + 60,
    badInARow: 5,
    goodInARow: 0,
    answers: [],
    error: 'timeout',
  },
})

export const finding = (id: string, ended: string | null = null): Finding => ({
  id,
  fault: 'unexplained-difference',
  severity: 'warning',
  scope: { kind: 'node', nodes: ['node-1'], shared: {}, subject: null },
  title: `finding ${id}`,
  story: 'Something differs.',
  since: '2026-11-21T09:00:00.000Z',
  lastSeen: '2026-11-21T09:05:00.000Z',
  ended,
  confidence: 'certain',
  reopened: 0,
  evidence: [],
  confirm: [],
  cause: '',
  remedy: '',
  references: [],
  covers: [],
})

export const reading = (takenAt: number) => ({ sample: clockSample(0.001), takenAt })

export const findingRow = (of: Finding, notedAt = AT) => ({ notedAt, finding: of })

/** How an agent was heard. */
export function presenceRow(
  notedAt: number,
  node = 'node-1',
  lastSeen: number | null = null,
): Batch['agentChanges'][number] {
  const { version, planId, firstSeen, stopped, droppedRounds } = agentRow(node)
  return { notedAt, agent: `host/${node}`, presence: { version, planId, firstSeen, stopped, droppedRounds, lastSeen } }
}

/** One of everything. */
export const fullBatch = (changes: Partial<Batch> = {}): Batch => ({
  ...emptyBatch(),
  at: AT + 60,
  listeningSince: AT,
  plans: [plan],
  agents: [agentRow()],
  states: [stateRow(0), stateRow(1)],
  changes: [{ notedAt: AT + 12, agent: 'host/node-1', key: probeKey(plan, 0), state: stateRow(0).state }],
  agentChanges: [presenceRow(AT)],
  nodeChanges: [{ notedAt: AT, name: 'node-1', node: createNode('node-1', ['host']) }],
  pictures: [{ notedAt: AT, checks: [], hidden: ['Services'] }],
  facts: [{ agent: 'host/node-1', at: AT, facts: { localAddresses: ['10.0.0.1'] } }],
  clocks: [{ notedAt: AT, agent: 'host/node-1', reading: reading(AT) }],
  findings: [
    findingRow(finding('aaaaaaaaaaaaaaaa')),
    findingRow(finding('bbbbbbbbbbbbbbbb', '2026-11-21T09:10:00.000Z')),
  ],
  ...changes,
})
