import { type Finding, INCIDENT_SCHEMA, type Incident, type TimelineEntry, visibleDeep } from '@oddnode/protocol'
import { type Beside, clockComparison, healthyBeside, ODD_NODES } from './clock-comparison.ts'
import { permalinkOf } from './permalink.ts'

/** What of a finding a timeline shows. */
export function timelineEntry({ id, fault, severity, title, since, lastSeen, ended, scope }: Finding): TimelineEntry {
  const { kind, nodes, subject } = scope
  return visibleDeep({ id, fault, severity, title, since, lastSeen, ended, kind, nodes, subject })
}

/** The nodes of a finding as they stood at a moment: some odd ones, and a healthy one: of its evidence, else any. */
export function nodesOf(finding: Finding, beside: Beside): Incident['nodes'] {
  const { scope, evidence } = finding
  const odd = [...new Set([...scope.nodes, ...evidence.map(({ node }) => node)])].slice(0, ODD_NODES)
  const named = evidence.flatMap(({ healthy }) => healthy?.node ?? []).find((name) => !odd.includes(name))
  const [healthy] = named === undefined ? healthyBeside(finding, beside) : [beside.node(named)]
  return [...odd.map(beside.node), healthy ?? null].filter((node) => node !== null)
}

/** Whether two findings were open at the same time. */
export const overlap = (a: Pick<Finding, 'since' | 'ended'>, b: Pick<Finding, 'since' | 'ended'>): boolean =>
  (a.ended === null || b.since <= a.ended) && (b.ended === null || a.since <= b.ended)

export type IncidentInput = {
  finding: Finding
  /** Others that are remembered, with the ids of what they explain. */
  others: readonly Finding[]
  /** Ids of those that this one explains: they stand in the finding itself. */
  covered: readonly string[]
  /** The setting of that name; '' where nobody set it. */
  externalUrl: string
  /** The nodes as they stood then; or why they are not known, in one sentence. */
  seenAt: Beside | string
}

/** A finding with what is known around it. */
export function incidentOf(
  { at, cluster, version, notices, verdict }: Pick<Incident, 'at' | 'cluster' | 'version' | 'notices' | 'verdict'>,
  { finding, others, covered, externalUrl, seenAt }: IncidentInput,
): Incident {
  const coveredBy = others.find(({ covers }) => covers.includes(finding.id))
  return {
    schema: INCIDENT_SCHEMA,
    at,
    cluster,
    version,
    notices,
    verdict,
    permalink: permalinkOf(externalUrl, finding.id),
    finding,
    coveredBy: coveredBy === undefined ? null : timelineEntry(coveredBy),
    meanwhile: others
      .filter(({ id }) => id !== finding.id && id !== coveredBy?.id && !covered.includes(id))
      .filter((other) => overlap(finding, other))
      .toSorted((a, b) => a.since.localeCompare(b.since))
      .map(timelineEntry),
    nodes: typeof seenAt === 'string' ? [] : nodesOf(finding, seenAt),
    clocks: typeof seenAt === 'string' ? null : clockComparison(finding, seenAt),
    nodesUnknown: typeof seenAt === 'string' ? seenAt : null,
  }
}
