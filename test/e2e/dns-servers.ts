import { get, kubectl } from './commands.ts'

const SYSTEM = ['-n', 'kube-system']
const CACHE = 'daemonset/node-local-dns'
const COREDNS = 'deployment/coredns'
const CACHE_PODS = ['pods', '-l', 'k8s-app=node-local-dns']

type Pods = { items: { metadata: { name: string; uid: string }; spec: { nodeName: string } }[] }
type DaemonSet = { spec: { updateStrategy: object; template: { spec: { affinity?: object } } } }

/** The pods of cluster DNS. */
export async function coreDnsPods(): Promise<{ name: string; node: string }[]> {
  const { items } = await get<Pods>(...SYSTEM, 'pods', '-l', 'k8s-app=kube-dns')
  return items.map(({ metadata, spec }) => ({ name: metadata.name, node: spec.nodeName }))
}

/** @returns a reason to leave tests of the cache out, or false: what tap's `skip` takes */
export async function whyNoCache(): Promise<string | false> {
  const found = await kubectl(...SYSTEM, 'get', CACHE, '--ignore-not-found', '-o', 'name')
  return found === '' ? 'there is no DaemonSet node-local-dns' : false
}

/** @returns a reason to leave tests of CoreDNS' Deployment out, or false */
export async function whyNoCoreDns(): Promise<string | false> {
  const found = await kubectl(...SYSTEM, 'get', COREDNS, '--ignore-not-found', '-o', 'name')
  return found === '' ? 'there is no Deployment coredns' : false
}

export const replicasOfCoreDns = async (): Promise<number> =>
  Number(await kubectl(...SYSTEM, 'get', COREDNS, '-o', 'jsonpath={.spec.replicas}'))

/** Waits until they are so many, and ready. */
export async function scaleCoreDns(replicas: number): Promise<void> {
  await kubectl(...SYSTEM, 'scale', COREDNS, `--replicas=${replicas}`)
  if (replicas === 0)
    await kubectl(...SYSTEM, 'wait', '--for=delete', 'pods', '-l', 'k8s-app=kube-dns', '--timeout=60s')
  else await kubectl(...SYSTEM, 'rollout', 'status', COREDNS, '--timeout=120s')
}

export async function restartCoreDns(): Promise<void> {
  await kubectl(...SYSTEM, 'rollout', 'restart', COREDNS)
  await kubectl(...SYSTEM, 'rollout', 'status', COREDNS, '--timeout=180s')
}

/** Starts a roll-out of CoreDNS. @param podSpec what changes in its pods */
export async function changeCoreDns(podSpec: object): Promise<void> {
  await kubectl('patch', ...SYSTEM, COREDNS, '--patch', JSON.stringify({ spec: { template: { spec: podSpec } } }))
}

/** Lets its pods stand in different zones: where both are in one by chance, that is a finding, and a true one. */
export async function spreadCoreDns(): Promise<void> {
  const zones = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    matchLabelKeys: ['pod-template-hash'],
  }
  const before = (await coreDnsPods()).map(({ name }) => `pod/${name}`)
  await changeCoreDns({ topologySpreadConstraints: [zones] })
  await kubectl(...SYSTEM, 'rollout', 'status', COREDNS, '--timeout=180s')
  await kubectl(...SYSTEM, 'wait', '--for=delete', ...before, '--timeout=90s')
}

/** Takes the last change of its pods back. */
export async function undoCoreDns(): Promise<void> {
  await kubectl(...SYSTEM, 'rollout', 'undo', COREDNS)
  await kubectl(...SYSTEM, 'rollout', 'status', COREDNS, '--timeout=180s')
}

export async function restartCaches(): Promise<void> {
  await kubectl(...SYSTEM, 'rollout', 'restart', CACHE)
  await kubectl(...SYSTEM, 'rollout', 'status', CACHE, '--timeout=300s')
}

/**
 * Takes the node-local cache away from these nodes; it goes on elsewhere, for there is no roll-out meanwhile.
 * @returns how to bring it back
 */
export async function takeCacheAway(nodes: readonly string[]): Promise<() => Promise<void>> {
  const { updateStrategy, template } = (await get<DaemonSet>(...SYSTEM, CACHE)).spec
  const affinityOf = (affinity: object | null) => patchCache({ template: { spec: { affinity } } })
  await patchCache({ updateStrategy: { type: 'OnDelete', rollingUpdate: null } })
  await affinityOf(awayFrom(nodes))
  await untilGone(nodes)
  return async () => {
    await affinityOf(template.spec.affinity ?? null)
    await patchCache({ updateStrategy })
  }
}

/** They are given away at once: pods that no longer belong on a node are deleted, whatever the strategy of updates. */
async function untilGone(nodes: readonly string[]): Promise<void> {
  const gone = (node: string) =>
    kubectl(...SYSTEM, 'wait', '--for=delete', ...CACHE_PODS, `--field-selector=spec.nodeName=${node}`, '--timeout=90s')
  await Promise.all(nodes.map(gone))
}

const patchCache = (spec: object) =>
  kubectl('patch', ...SYSTEM, CACHE, '--type=merge', '--patch', JSON.stringify({ spec }))

function awayFrom(nodes: readonly string[]): object {
  const expression = { key: 'kubernetes.io/hostname', operator: 'NotIn', values: nodes }
  const terms = { nodeSelectorTerms: [{ matchExpressions: [expression] }] }
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } }
}
