import { REPLACED_SECONDS } from '@oddnode/diagnosis'
import type { ClusterDns, PodTrouble } from '@oddnode/protocol'
import { type ContainerStatus, type Pod, unixSeconds } from '../kubernetes/objects.ts'

type Component = PodTrouble['component']

/** A pod as it is kept: who it is, and what is wrong with it. */
export type KeptPod = {
  namespace: string
  name: string
  component: Component
  node: string | null
  createdAt: number | null
  /** By when it is to be gone; null while nobody has deleted it. */
  endsBy: number | null
  /** What is wrong, as the API words it; null while it is well, or on its way out. */
  reason: string | null
  ready: boolean
  /** It runs no more and never will, as one that was evicted: the API keeps it until somebody deletes it. */
  hasEnded: boolean
  restarts: number
  /** Its first container's image, the registry left out. */
  image: string
  /** ConfigMaps that it mounts. */
  configMaps: string[]
}

/** The label `k8s-app` of the pods that DNS hangs on. */
export const components: Readonly<Record<string, Component>> = {
  'kube-dns': 'coredns',
  coredns: 'coredns',
  'node-local-dns': 'node-local-dns',
  nodelocaldns: 'node-local-dns',
  'kube-proxy': 'kube-proxy',
  cilium: 'cni',
  'calico-node': 'cni',
  canal: 'cni',
  flannel: 'cni',
  'aws-node': 'cni',
  'azure-cns': 'cni',
  'kube-router': 'cni',
}

/** The label of our own pods. */
export const AGENT_LABEL = 'app.kubernetes.io/component'
/** The label of CoreDNS's pods on OpenShift. */
export const OPENSHIFT_PODS = 'dns.operator.openshift.io/daemonset-dns'

/** @returns null for a pod that DNS does not hang on */
export function keepPod({ metadata, spec, status }: Pod): KeptPod | null {
  const component = componentOf(metadata?.labels ?? {})
  if (component === null || metadata?.name === undefined || metadata.namespace === undefined) return null
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    component,
    node: spec?.nodeName ?? null,
    createdAt: unixSeconds(metadata.creationTimestamp),
    endsBy: unixSeconds(metadata.deletionTimestamp),
    reason: metadata.deletionTimestamp === undefined ? reasonOf(status, containers) : null,
    ready: isTrue(status, 'Ready'),
    hasEnded: status?.phase === 'Failed' || status?.phase === 'Succeeded',
    restarts: containers.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    image: spec?.containers?.[0]?.image?.replace(/^.*\//, '').replace(/@.*$/, '') ?? '',
    configMaps: (spec?.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? []),
  }
}

function componentOf(labels: Readonly<Record<string, string>>): Component | null {
  const own = labels[AGENT_LABEL]
  if (own === 'agent-host' || own === 'agent-pod') return own
  if (OPENSHIFT_PODS in labels) return 'coredns'
  return components[labels['k8s-app'] ?? ''] ?? null
}

const isTrue = (status: Pod['status'], type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false

/** What a container waits for on its way to its first start. */
const starting = ['ContainerCreating', 'PodInitializing']
const MAX_REASON = 512

function reasonOf(status: Pod['status'], containers: readonly ContainerStatus[]): string | null {
  // Evicted: what its containers ended with is how, not why.
  if (status?.phase === 'Failed' && status.reason !== undefined) return joined('Failed', status.reason)
  const waiting = containers.find(
    ({ state }) => state?.waiting !== undefined && !starting.includes(state.waiting.reason ?? ''),
  )
  if (waiting !== undefined) return waitingText(waiting).slice(0, MAX_REASON)
  const stopped = containers.find(({ state }) => state?.terminated !== undefined && state.terminated.exitCode !== 0)
  if (stopped !== undefined) return `stopped${endText(stopped.state?.terminated)}`.slice(0, MAX_REASON)
  if (status?.phase === 'Failed') return joined('Failed', status.message)
  if (status?.phase === 'Pending') {
    const unscheduled = status.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
    return joined('Pending', unscheduled?.message)
  }
  return status?.phase === 'Running' && !isTrue(status, 'Ready') ? 'running, but not ready' : null
}

/** `CrashLoopBackOff (OOMKilled)`: the last end tells more than the wait. */
function waitingText({ state, lastState }: ContainerStatus): string {
  return `${state?.waiting?.reason ?? 'waiting'}${endText(lastState?.terminated)}`
}

const endText = (end: NonNullable<ContainerStatus['state']>['terminated']): string =>
  end === undefined ? '' : ` (${end.reason ?? `exit code ${end.exitCode}`})`

const joined = (what: string, detail: string | undefined): string =>
  (detail ? `${what}: ${detail}` : what).slice(0, MAX_REASON)

/** Without the pods that ended and that others stand in for; where none does, they are what there is to tell. */
export function withoutReplaced(pods: readonly KeptPod[]): KeptPod[] {
  const present = new Set(pods.filter(({ hasEnded }) => !hasEnded).map(placeOf))
  return pods.filter((pod) => !pod.hasEnded || !present.has(placeOf(pod)))
}

/** CoreDNS runs anywhere, all others once on every node. */
const placeOf = ({ component, node }: KeptPod): string => (component === 'coredns' ? component : `${component} ${node}`)

const MOST_TROUBLES = 1024

/** The pods that are not well. */
export function troublesOf(pods: Iterable<KeptPod>): PodTrouble[] {
  return [...pods]
    .flatMap(({ component, namespace, name, node, reason, restarts }) =>
      reason === null ? [] : [{ component, namespace, pod: name, node, reason, restarts }],
    )
    .sort((a, b) => (a.component + a.pod < b.component + b.pod ? -1 : 1))
    .slice(0, MOST_TROUBLES)
}

/**
 * Where node-local DNS ends now, or began lately, and when: nodes of a roll-out, which goes on with the next when a pod is ready.
 * @param at now, Unix time in seconds
 */
export function nodeLocalReplacedIn(
  pods: readonly KeptPod[],
  at: number,
): NonNullable<ClusterDns['nodeLocalReplaced']> {
  return pods.flatMap(({ component, node, createdAt, endsBy, hasEnded }) => {
    const replacedAt = endsBy ?? createdAt
    if (component !== 'node-local-dns' || node === null || replacedAt === null || hasEnded) return []
    return at - replacedAt > REPLACED_SECONDS ? [] : [{ node, at: replacedAt }]
  })
}

/** The CNI of each node and its version, e.g. `cilium:v1.16.5`. */
export function cniOf(pods: Iterable<KeptPod>): Map<string, string> {
  const byNode = new Map<string, string>()
  for (const { component, node, image } of pods) {
    if (component === 'cni' && node !== null && image !== '') byNode.set(node, image.slice(0, 253))
  }
  return byNode
}
