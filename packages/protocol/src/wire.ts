/** The names and numbers that both ends of the wire must agree on. */

export const PLAN_SCHEMA = 'oddnode.plan/1'
export const ROUND_SCHEMA = 'oddnode.round/1'
export const REPORT_SCHEMA = 'oddnode.report/1'
export const NODE_REPORT_SCHEMA = 'oddnode.node/1'
export const NODE_DIFF_SCHEMA = 'oddnode.diff/1'
export const INCIDENT_SCHEMA = 'oddnode.incident/1'
export const CLUSTER_SCHEMA = 'oddnode.cluster/1'
export const RECORDING_SCHEMA = 'oddnode.recording/1'

/** Counts are exact up to here, in JSON and in SQLite alike. */
export const MAX_COUNT = Number.MAX_SAFE_INTEGER
/** No clock says more than this, and no two are further apart, in seconds: Linux sets none beyond the year 2232. */
export const MAX_CLOCK_SECONDS = 1e10

/** A plan has at most this many … */
export const MAX_TARGETS = 256
export const MAX_PROBES = 1024

/** A round has at most this many samples: every probe of the largest plan once, and again under suspicion. */
export const MAX_SAMPLES = 2048

/** `Problem.type` of a 409: the aggregator does not know the plan that the round names; send the round again with `planBody`. */
export const UNKNOWN_PLAN = 'about:blank#unknown-plan'

/** The longest period of a probe, a week: what 10,000 nodes that share one CoreDNS pod need to stay within a budget of one query per second. */
export const MAX_EVERY_SECONDS = 604_800
