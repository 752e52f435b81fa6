import type { ClusterCheck, State, Vantage } from '@oddnode/protocol'
import type { ClockResult } from './ask-clocks.ts'
import type { ProbeResult } from './probe-result.ts'

export const CHECK_SCHEMA = 'oddnode.check/1'

/** What `oddnode check` saw; with `--json` this is what it prints. */
export type CheckReport = {
  schema: typeof CHECK_SCHEMA
  /** RFC 3339, UTC, by this machine's own clock. */
  at: string
  version: string
  hostname: string
  vantage: Vantage
  verdict: { state: State; sentence: string }
  probes: ProbeResult[]
  clocks: ClockResult[]
  checks: ClusterCheck[]
  /** One sentence each. */
  notLookedAt: string[]
}

/** What was seen, before it is judged as a whole. */
export type Seen = Pick<CheckReport, 'probes' | 'clocks' | 'checks' | 'notLookedAt'>
