import type { Finding } from '@oddnode/protocol'

/** An Event of the API's core group, as far as it is written here. */
export type NodeEvent = {
  apiVersion: 'v1'
  kind: 'Event'
  metadata: { generateName: string; namespace: string }
  involvedObject: { apiVersion: 'v1'; kind: 'Node'; name: string; uid: string }
  reason: 'OddnodeFindingOpened' | 'OddnodeFindingEnded'
  message: string
  type: 'Warning' | 'Normal'
  source: { component: 'oddnode' }
  firstTimestamp: string
  lastTimestamp: string
  count: 1
}

/** Events about what has no namespace live here. */
export const EVENT_NAMESPACE = 'default'
/** The API server's limit for a message. */
const MOST_CHARACTERS = 1024
/** A finding about more nodes than this is one about the cluster: the report tells of it. */
const MOST_NODES = 10

/** Whether a finding is told on its nodes: it is about some, and not about very many. */
export const isOfNodes = ({ scope }: Pick<Finding, 'scope'>): boolean =>
  scope.nodes.length > 0 && scope.nodes.length <= MOST_NODES

/**
 * What `kubectl describe node` should show of a finding.
 * @param at Unix time in seconds
 * @param nodes those that have not been told
 * @returns one event for each of the nodes
 */
export function nodeEvents(finding: Finding, at: number, nodes: readonly string[]): NodeEvent[] {
  const { ended, severity, story, title } = finding
  const time = new Date(Math.floor(at) * 1000).toISOString().replace('.000Z', 'Z')
  return nodes.map((node) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${node}.`, namespace: EVENT_NAMESPACE },
    // kubelet's own events have the name for a uid, and kubectl looks for that.
    involvedObject: { apiVersion: 'v1', kind: 'Node', name: node, uid: node },
    reason: ended === null ? 'OddnodeFindingOpened' : 'OddnodeFindingEnded',
    message: (ended === null ? story : `Ended: ${title}`).slice(0, MOST_CHARACTERS),
    type: ended === null && severity !== 'info' ? 'Warning' : 'Normal',
    source: { component: 'oddnode' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  }))
}
