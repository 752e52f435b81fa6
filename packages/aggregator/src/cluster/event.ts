import type { ClusterEvent } from '@oddnode/protocol'
import { type ApiEvent, unixSeconds } from '../kubernetes/objects.ts'
import type { KeptPod } from './pod.ts'

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

/**
 * Of pods that are still there, the latest first: kubelet reads its files for a pod once, so what it said of one that is gone is past.
 * @param pods of oddnode's own namespace; none where they may not be read, and then all events count
 */
export function eventsOf(
  kept: Iterable<ClusterEvent>,
  pods: readonly Pick<KeptPod, 'namespace' | 'name'>[],
): ClusterEvent[] {
  const names = new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`))
  const present = [...kept].filter(({ pod }) => names.size === 0 || names.has(pod))
  return present.sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.pod < b.pod ? -1 : 1)).slice(0, MOST_EVENTS)
}
