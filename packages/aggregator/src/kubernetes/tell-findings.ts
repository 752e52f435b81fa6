import type { Finding } from '@oddnode/protocol'
import { createRateLimit } from '../rate-limit.ts'
import type { KubernetesApi } from './api.ts'
import { EVENT_NAMESPACE, isOfNodes, type NodeEvent, nodeEvents } from './node-event.ts'

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

/** A finding as it was seen last, and the nodes on which it was told and has not ended. */
type Told = { finding: Finding; nodes: readonly string[] }

/**
 * Writes Kubernetes Events about findings that open and end, on each node that they come to name or name no more. Those that are open at
 * the first look were told of before a restart.
 * @returns to be called whenever findings may have changed
 */
export function tellFindings({ api, now, onTrouble }: TellFindingsOptions): TellFindings {
  const limit = createRateLimit(EVENTS_PER_SECOND, EVENT_BURST, 1)
  let told: Map<string, Told> | null = null

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

  function writeEnded({ finding }: Told, nodes: readonly string[]): void {
    const ended = new Date(now() * 1000).toISOString()
    nodeEvents({ ...finding, ended }, now(), nodes).forEach(write)
  }

  /** One that has become one of the cluster is not over on the nodes that it was told on. */
  function update(finding: Finding, known: Told): Told {
    if (!isOfNodes(finding)) return { finding, nodes: known.nodes }
    const { nodes } = finding.scope
    nodeEvents(
      finding,
      now(),
      nodes.filter((node) => !known.nodes.includes(node)),
    ).forEach(write)
    writeEnded(
      known,
      known.nodes.filter((node) => !nodes.includes(node)),
    )
    return { finding, nodes }
  }

  return (visible, all) => {
    const before = told ?? new Map(visible.map((finding) => [finding.id, { finding, nodes: nodesOf(finding) }]))
    const ended = [...before.values()].filter(({ finding: { id } }) => !isOpen(all.get(id)))
    for (const finding of visible) {
      before.set(finding.id, update(finding, before.get(finding.id) ?? { finding, nodes: [] }))
    }
    for (const one of ended) {
      before.delete(one.finding.id)
      writeEnded(one, one.nodes)
    }
    told = before
  }
}

const nodesOf = (finding: Finding): readonly string[] => (isOfNodes(finding) ? finding.scope.nodes : [])

/** One that is not there any more ended long ago. */
const isOpen = (finding: Finding | undefined): boolean => finding !== undefined && finding.ended === null
