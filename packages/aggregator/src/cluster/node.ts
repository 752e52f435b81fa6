import type { ClusterNode, Vantage } from '@oddnode/protocol'
import { type KubernetesNode, unixSeconds } from '../kubernetes/objects.ts'

/** A node as it is kept, with the labels that the others may have another value of. */
export type KeptNode = Omit<ClusterNode, 'expected'> & {
  /** An agent's DaemonSet puts a pod there. */
  runsAgents: boolean
  labels: Readonly<Record<string, string>>
}

/** @returns null for an object without a name */
export function keepNode({ metadata, spec, status }: KubernetesNode): KeptNode | null {
  if (metadata?.name === undefined) return null
  const labels = metadata.labels ?? {}
  return {
    name: metadata.name,
    ready: status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    cordoned: spec?.unschedulable ?? false,
    createdAt: unixSeconds(metadata.creationTimestamp),
    attributes: attributesOf(labels, status?.nodeInfo),
    group: groupOf(labels, status?.nodeInfo?.operatingSystem),
    runsAgents: isLinux(labels, status?.nodeInfo?.operatingSystem) && !isVirtual(labels),
    labels,
  }
}

/** Labels of Kubernetes' own vocabulary, by the word that the report uses. */
const attributeLabels = {
  zone: 'topology.kubernetes.io/zone',
  region: 'topology.kubernetes.io/region',
  instanceType: 'node.kubernetes.io/instance-type',
} as const

function attributesOf(
  labels: Readonly<Record<string, string>>,
  info: NonNullable<KubernetesNode['status']>['nodeInfo'] = {},
): Record<string, string> {
  const known: [string, string | undefined][] = [
    ...Object.entries(attributeLabels).map(([name, label]): [string, string | undefined] => [name, labels[label]]),
    ['kernel', info.kernelVersion],
    ['osImage', info.osImage],
    ['kubelet', info.kubeletVersion],
    ['containerRuntime', info.containerRuntimeVersion],
    ['architecture', info.architecture],
  ]
  return Object.fromEntries(known.filter((entry): entry is [string, string] => Boolean(entry[1])))
}

const ROLE_PREFIX = 'node-role.kubernetes.io/'

/** The label of a node's pool, as the distributions call it. */
const poolLabels = [
  'karpenter.sh/nodepool',
  'eks.amazonaws.com/nodegroup',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/agentpool',
  'doks.digitalocean.com/node-pool',
  'node.openshift.io/pool',
]

/**
 * Nodes alike in what may differ by design: operating system, roles (`node-role.kubernetes.io/…`) and pool. E.g. `linux control-plane`,
 * `linux gpu-pool`.
 */
function groupOf(labels: Readonly<Record<string, string>>, operatingSystem = ''): string {
  const roles = Object.keys(labels)
    .filter((label) => label.startsWith(ROLE_PREFIX))
    .map((label) => label.slice(ROLE_PREFIX.length))
  const pool = poolLabels.map((label) => labels[label]).find((value) => value !== undefined)
  return [operatingSystem, ...roles.sort(), pool ?? '']
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, 253)
}

const isLinux = (labels: Readonly<Record<string, string>>, operatingSystem: string | undefined) =>
  (labels['kubernetes.io/os'] ?? operatingSystem ?? 'linux') === 'linux'

/** Nodes that stand for somebody else's machines: no DaemonSet runs there. */
const isVirtual = (labels: Readonly<Record<string, string>>) =>
  labels['type'] === 'virtual-kubelet' || labels['eks.amazonaws.com/compute-type'] === 'fargate'

/** Labels that are attributes already, or have another value on every node by design. */
const untold = new Set<string>([
  ...Object.values(attributeLabels),
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
])
const MOST_LABELS = 16

/**
 * Labels that some nodes share and others do not: what only one node has, or all have alike, tells nothing about odd ones.
 * @returns at most 16, in the order of their names
 */
export function differingLabels(nodes: readonly Pick<KeptNode, 'labels'>[]): string[] {
  const counts = new Map<string, Map<string, number>>()
  for (const { labels } of nodes) {
    for (const [label, value] of Object.entries(labels)) {
      if (untold.has(label)) continue
      const values = counts.get(label) ?? new Map<string, number>()
      counts.set(label, values.set(value, (values.get(value) ?? 0) + 1))
    }
  }
  return [...counts]
    .filter(([, values]) => isShared([...values.values()], nodes.length))
    .map(([label]) => label)
    .sort()
    .slice(0, MOST_LABELS)
}

const isShared = (counts: readonly number[], nodes: number) =>
  counts.some((count) => count > 1) && counts.every((count) => count < nodes)

/**
 * The nodes as the diagnosis takes them.
 * @param cni the CNI and its version by node, as far as it is known
 */
export function clusterNodes(
  kept: Iterable<KeptNode>,
  vantages: readonly Vantage[],
  cni: ReadonlyMap<string, string>,
): ClusterNode[] {
  const nodes = [...kept].sort((a, b) => (a.name < b.name ? -1 : 1))
  const told = differingLabels(nodes)
  return nodes.map(({ labels, runsAgents, ...node }) => {
    const version = cni.get(node.name)
    const shown = told.flatMap((label) => (labels[label] === undefined ? [] : [[label, labels[label]]]))
    return {
      ...node,
      attributes: {
        ...node.attributes,
        ...(version === undefined ? {} : { cni: version }),
        ...Object.fromEntries(shown),
      },
      expected: runsAgents ? [...new Set(vantages)].sort() : [],
    }
  })
}
