/**
 * The closed sets of words that cross the wire. Their order is part of the wire format: a round sends an outcome as its
 * index in `outcomes`, so a new word goes to the end and none is ever removed within a major version.
 */

/** Where a probe is sent from: the host's network or the pod network. */
export const vantages = ['host', 'pod'] as const
export type Vantage = (typeof vantages)[number]

/** Who is asked. `api-server` is no DNS server: what reaches it, or not, tells a broken network from broken DNS. */
export const roles = [
  'node-local',
  'cluster-dns',
  'cluster-dns-upstream',
  'endpoint',
  'upstream',
  'resolv-conf',
  'api-server',
] as const
export type Role = (typeof roles)[number]

export const transports = ['udp', 'tcp'] as const
export type Transport = (typeof transports)[number]

/**
 * What is asked. Which name and type each stands for is `questionFor` in the probes. The last three are no DNS: `connect` opens a TCP
 * connection, `reach` does too and takes a refusal for an answer (the way is open), `health` gets a health page over HTTP.
 */
export const questions = [
  'kubernetes',
  'version',
  'soa',
  'missing',
  'external',
  'invalid',
  'canary',
  'pair',
  'large',
  'case',
  'identity',
  'wildcard',
  'trap',
  'connect',
  'reach',
  'health',
] as const
/** Questions that are asked without DNS: `control:` in the catalogue. */
export const controlQuestions = ['connect', 'reach', 'health'] as const satisfies readonly (typeof questions)[number][]
export type Question = (typeof questions)[number]

/** What one probe saw, never collapsed to "failed". */
export const outcomes = [
  'answered',
  'late',
  'truncated',
  'partial',
  'timeout',
  'refused',
  'unreachable',
  'denied',
  'closed',
  'wrong-source',
  'mismatch',
  'malformed',
  'local-error',
] as const
export type Outcome = (typeof outcomes)[number]

/** A probe's verdict over the recent window. */
export const states = ['ok', 'degraded', 'failing', 'no-data'] as const
export type State = (typeof states)[number]

/** Why a state is `no-data`; `inconclusive`: asked often enough, but what came back tells well from broken too seldom. */
export const noDataReasons = ['not-looked-at', 'too-few', 'stale', 'inconclusive'] as const
export type NoDataReason = (typeof noDataReasons)[number]

/** critical: DNS or time fails now for pods; warning: partly, or soon; info: advice. */
export const severities = ['critical', 'warning', 'info'] as const
export type Severity = (typeof severities)[number]

/** certain: the whole signature holds; likely: a look-alike cannot be excluded; possible: a part has no data. */
export const confidences = ['certain', 'likely', 'possible'] as const
export type Confidence = (typeof confidences)[number]

/** What a finding is about. */
export const scopeKinds = ['node', 'group', 'endpoint', 'cluster'] as const
export type ScopeKind = (typeof scopeKinds)[number]

/** Which kind of socket a UDP probe used: a connected one sees `refused`, an unconnected one sees `wrong-source`. */
export const socketKinds = ['connected', 'unconnected'] as const
export type SocketKind = (typeof socketKinds)[number]

/** Which source port a UDP probe used: a fresh random one, or one that the agent keeps for its life. */
export const sourcePorts = ['fresh', 'fixed'] as const
export type SourcePort = (typeof sourcePorts)[number]

/** Where a target was learnt. */
export const targetOrigins = ['configuration', 'resolv.conf', 'local-address', 'environment', 'kubernetes'] as const
export type TargetOrigin = (typeof targetOrigins)[number]
