import type { ClusterEvent } from '@oddnode/protocol'
import { type ApiEvent, unixSeconds } from '../kubernetes/objects.ts'

const reasons: readonly string[] = ['DNSConfigForming', 'MissingClusterDNS'] satisfies ClusterEvent['reason'][]
const isTold = (reason: string): reason is ClusterEvent['reason'] => reasons.includes(reason)

/** @returns null for an event that says nothing of DNS */
export function keepEvent(event: ApiEvent): ClusterEvent | null {
  const { reason = '', message = '', involvedObject, source, reportingInstance, metadata } = event
  if (!isTold(reason)) return null
  const times = [event.series?.lastObservedTime, event.lastTimestamp, event.eventTime, metadata?.creationTimestamp]
  return {
    reason,
    node: source?.host || reportingInstance || null,
    pod: `${involvedObject?.namespace ?? ''}/${involvedObject?.name ?? ''}`,
    message: message.slice(0, 1024),
    lastSeenAt: times.map(unixSeconds).find((time) => time !== null) ?? 0,
  }
}

const MOST_EVENTS = 256

/** The latest first. */
export function eventsOf(kept: Iterable<ClusterEvent>): ClusterEvent[] {
  return [...kept].sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.pod < b.pod ? -1 : 1)).slice(0, MOST_EVENTS)
}
