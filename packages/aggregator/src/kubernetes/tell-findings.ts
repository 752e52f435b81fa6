import type { Finding } from '@oddnode/protocol'
import { createRateLimit } from '../rate-limit.ts'
import type { KubernetesApi } from './api.ts'
import { EVENT_NAMESPACE, type NodeEvent, nodeEvents } from './node-event.ts'

export type TellFindingsOptions = {
  api: KubernetesApi
  /** Unix time in seconds. */
  now: () => number
  /** An event that was not written, and why. */
  onTrouble: (sentence: string) => void
}

/**
 * @param visible the findings that a reader is shown
 * @param all the open ones that another one covers, and those that ended, too; by id
 */
export type TellFindings = (visible: readonly Finding[], all: ReadonlyMap<string, Finding>) => void

/** Events in the long run, and at once: etcd keeps each for an hour. */
const EVENTS_PER_SECOND = 0.1
const EVENT_BURST = 20
const WRITE_SECONDS = 5

/**
 * Writes Kubernetes Events about findings that open and end. Those that are open at the first look were told of before a restart.
 * @returns to be called whenever findings may have changed
 */
export function tellFindings({ api, now, onTrouble }: TellFindingsOptions): TellFindings {
  const limit = createRateLimit(EVENTS_PER_SECOND, EVENT_BURST, 1)
  let told: Map<string, Finding> | null = null

  function write(event: NodeEvent): void {
    if (limit.take('events', now()) > 0) {
      onTrouble(`left out, too many at once: ${event.message}`)
      return
    }
    const path = `/api/v1/namespaces/${EVENT_NAMESPACE}/events`
    api
      .ask({ method: 'POST', path, body: event, timeoutSeconds: WRITE_SECONDS })
      .catch((error: unknown) => onTrouble(error instanceof Error ? error.message : String(error)))
  }

  return (visible, all) => {
    const before = told ?? new Map(visible.map((finding) => [finding.id, finding]))
    const ended = [...before.values()].filter(({ id }) => !isOpen(all.get(id)))
    for (const finding of visible) {
      if (!before.has(finding.id)) nodeEvents(finding, now()).forEach(write)
      before.set(finding.id, finding)
    }
    for (const finding of ended) {
      before.delete(finding.id)
      nodeEvents({ ...finding, ended: new Date(now() * 1000).toISOString() }, now()).forEach(write)
    }
    told = before
  }
}

/** One that is not there any more ended long ago. */
const isOpen = (finding: Finding | undefined): boolean => finding !== undefined && finding.ended === null
