// What a check may have seen.
import type { Target } from '@oddnode/protocol'
import type { Seen } from '../../src/check/check-report.ts'
import type { ProbeResult } from '../../src/check/probe-result.ts'

export const cache: Target = { role: 'node-local', address: '169.254.20.10', port: 53, learnedFrom: 'resolv.conf' }
export const service: Target = { role: 'cluster-dns', address: '10.96.0.10', port: 53, learnedFrom: 'environment' }

/** A probe that is well, but for what is said. */
export const probe = (seen: Partial<ProbeResult> = {}): ProbeResult => ({
  target: cache,
  transport: 'udp',
  question: 'kubernetes',
  variant: null,
  state: 'ok',
  outcome: 'answered',
  rcode: 'NOERROR',
  error: null,
  outcomes: { answered: 1 },
  answered: 1,
  asked: 1,
  medianSeconds: 0.0004,
  words: 'answered',
  ...seen,
})

export const dead = (seen: Partial<ProbeResult> = {}): ProbeResult =>
  probe({
    state: 'failing',
    outcome: 'timeout',
    rcode: null,
    outcomes: { timeout: 3 },
    answered: 0,
    asked: 3,
    medianSeconds: null,
    words: 'no answer in 5 s',
    ...seen,
  })

export const seen = (some: Partial<Seen>): Seen => ({ probes: [], clocks: [], checks: [], notLookedAt: [], ...some })
