import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import { isWorthAVersion } from '../../src/store/finding-versions.ts'
import { finding } from './fixtures.ts'

const open = finding('aaaaaaaaaaaaaaaa')

t.test('a finding is kept when it opens, when its substance changes, and when it ends', async (t) => {
  const kept = isWorthAVersion(undefined, open, 100) ?? undefined
  t.ok(kept)
  t.equal(isWorthAVersion(kept, open, 102), null)
  const changes: Partial<Finding>[] = [
    { severity: 'critical' },
    { covers: ['bbbbbbbbbbbbbbbb'] },
    { ended: '2026-11-21T10:00:00.000Z' },
    { scope: { ...open.scope, nodes: ['node-1', 'node-2'] } },
  ]
  for (const changed of changes) t.ok(isWorthAVersion(kept, { ...open, ...changed }, 102), JSON.stringify(changed))
})

t.test('a story whose numbers move is kept now and then', async (t) => {
  const kept = isWorthAVersion(undefined, open, 100) ?? undefined
  const moved = { ...open, story: 'behind by 95 s', lastSeen: '2026-11-21T09:06:00.000Z' }
  t.equal(isWorthAVersion(kept, moved, 699), null)
  t.match(isWorthAVersion(kept, moved, 700), { notedAt: 700 })
})

t.test('samples of the evidence move, its rows are substance', async (t) => {
  const row = {
    node: 'node-1',
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
    healthy: null,
  } as const
  const kept = isWorthAVersion(undefined, { ...open, evidence: [row] }, 100) ?? undefined
  t.equal(isWorthAVersion(kept, { ...open, evidence: [{ ...row, answered: 1 }] }, 102), null)
  t.ok(isWorthAVersion(kept, { ...open, evidence: [{ ...row, outcome: 'refused' }] }, 102))
})
