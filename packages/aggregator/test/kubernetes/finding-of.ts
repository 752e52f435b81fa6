import type { Finding } from '@oddnode/protocol'

/** An open finding about node-2. */
export const findingOf = (id: string, changed: Partial<Finding> = {}): Finding => ({
  id,
  fault: 'pods-cannot-reach-node-local-dns',
  severity: 'critical',
  scope: { kind: 'node', nodes: ['node-2'], shared: {}, subject: null },
  title: 'Pods cannot reach node-local DNS',
  story: 'On node-2 pods cannot reach node-local DNS.',
  since: '2026-11-21T15:00:00.000Z',
  lastSeen: '2026-11-21T15:03:00.000Z',
  ended: null,
  confidence: 'certain',
  reopened: 0,
  evidence: [],
  confirm: [],
  cause: '',
  remedy: '',
  references: [],
  covers: [],
  ...changed,
})
