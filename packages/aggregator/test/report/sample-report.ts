import type { Finding, Report, ReportAgent, ReportNode, ReportProbe } from '@oddnode/protocol'

export const AT = '2026-11-21T09:29:12.646Z'

export const probeOf = (changes: Partial<ReportProbe> = {}): ReportProbe => ({
  target: { role: 'node-local', address: '169.254.20.10', learnedFrom: 'kubernetes' },
  transport: 'udp',
  question: 'kubernetes',
  variant: null,
  state: 'ok',
  reason: null,
  outcome: 'answered',
  outcomes: { answered: 5 },
  rcode: 'NOERROR',
  answered: 5,
  asked: 5,
  medianSeconds: 0.0004,
  since: AT,
  lastSampleAt: AT,
  ...changes,
})

export const failing: Partial<ReportProbe> = {
  state: 'failing',
  outcome: 'timeout',
  outcomes: { timeout: 5 },
  rcode: null,
  answered: 0,
  medianSeconds: null,
}

export const agentOf = (probes: ReportProbe[], changes: Partial<ReportAgent> = {}): ReportAgent => ({
  vantage: 'pod',
  state: 'ok',
  status: 'reporting',
  lastSeen: AT,
  version: '0.1.0',
  droppedRounds: 0,
  facts: null,
  probes,
  ...changes,
})

export const nodeOf = (name: string, agents: ReportAgent[], changes: Partial<ReportNode> = {}): ReportNode => ({
  name,
  state: 'ok',
  ready: null,
  attributes: {},
  clock: {
    offsetSeconds: 0.0003,
    uncertaintySeconds: 0.0011,
    reference: 'aggregator',
    measuredAt: AT,
    state: 'ok',
    samples: [],
  },
  agents,
  ...changes,
})

export const findingOf = (changes: Partial<Finding> = {}): Finding => ({
  id: 'b3f1b3f1b3f1b3f1',
  fault: 'unexplained-difference',
  severity: 'critical',
  scope: { kind: 'node', nodes: ['node-2'], shared: { zone: 'zone-1' }, subject: null },
  title: 'node-2: timeout from node-local DNS',
  story: 'Pods of node-2 get no answer.',
  since: '2026-11-21T09:20:00.000Z',
  lastSeen: AT,
  ended: null,
  confidence: 'certain',
  reopened: 0,
  evidence: [
    {
      node: 'node-2',
      vantage: 'pod',
      target: { role: 'node-local', address: '169.254.20.10' },
      transport: 'udp',
      question: 'kubernetes',
      state: 'failing',
      outcome: 'timeout',
      rcode: null,
      answered: 0,
      asked: 5,
      medianSeconds: null,
      error: null,
      healthy: { node: 'node-1', rcode: 'NOERROR', answered: 5, asked: 5, medianSeconds: 0.0004 },
    },
  ],
  cause: 'The host routes past it.',
  confirm: ['dig @169.254.20.10 kubernetes.default.svc.cluster.local. A'],
  remedy: 'Restart it.',
  references: ['https://example.com/1'],
  covers: [],
  ...changes,
})

/** Two nodes, the second one odd, with a finding that is open and one that ended. */
export function sampleReport(changes: Partial<Report> = {}): Report {
  return {
    schema: 'oddnode.report/1',
    at: AT,
    cluster: 'prod-eu',
    version: '0.1.0',
    storage: null,
    notices: [],
    checks: [],
    hidden: [],
    verdict: {
      state: 'failing',
      sentence: '1 of 2 nodes differs: node-2.',
      nodes: { expected: 2, reporting: 2, odd: 1 },
      agents: { expected: 2, reporting: 2 },
      probes: { ok: 1, degraded: 0, failing: 1, noData: 0 },
    },
    findings: [
      findingOf(),
      findingOf({ id: 'aaaaaaaaaaaaaaaa', title: 'node-1 was silent', ended: '2026-11-21T09:25:00.000Z' }),
    ],
    nodes: [
      nodeOf('node-2', [agentOf([probeOf(failing)], { state: 'failing' })], { state: 'failing' }),
      nodeOf('node-1', [agentOf([probeOf()])]),
    ],
    ...changes,
  }
}
