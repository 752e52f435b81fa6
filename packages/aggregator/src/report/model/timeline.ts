import type { Finding, TimelineEntry } from '@oddnode/protocol'
import { timelineEntry } from './incident.ts'

/** Entries of a timeline: more than a person reads. */
const MAX_ENTRIES = 500

/** Findings for a timeline, open ones first. */
export const timelineOf = (findings: readonly Finding[]): TimelineEntry[] =>
  findings.slice(0, MAX_ENTRIES).map(timelineEntry)
