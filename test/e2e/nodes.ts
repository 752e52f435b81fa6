import { get, kubectl } from './commands.ts'
import { NAMESPACE } from './release.ts'

export async function nodeNames(): Promise<string[]> {
  const { items } = await get<{ items: { metadata: { name: string } }[] }>('nodes')
  return items.map(({ metadata }) => metadata.name).sort()
}

/** A node to break and another one for the aggregator. No CoreDNS runs on the victim: a fault there would spoil that pod for every node. */
export async function victimAndOther(): Promise<{ victim: string; other: string }> {
  const dns = await get<{ items: { spec: { nodeName: string } }[] }>(
    'pods',
    '-n',
    'kube-system',
    '-l',
    'k8s-app=kube-dns',
  )
  const withDns = new Set(dns.items.map(({ spec }) => spec.nodeName))
  const names = await nodeNames()
  const victim = names.find((name) => !withDns.has(name))
  const other = names.find((name) => name !== victim)
  if (!victim || !other) throw new Error('needs a node without a CoreDNS pod, and another one')
  return { victim, other }
}

const AGENTS = 'app.kubernetes.io/component in (agent-host, agent-pod)'

/** Deletes both agents of a node and waits until they are gone; their DaemonSets make new ones. */
export const deleteAgents = (node: string): Promise<string> =>
  kubectl('-n', NAMESPACE, 'delete', 'pods', '-l', AGENTS, `--field-selector=spec.nodeName=${node}`, '--wait=true')

export const agentPods = async (...selection: string[]): Promise<string[]> =>
  (await kubectl('-n', NAMESPACE, 'get', 'pods', '-l', AGENTS, '-o', 'name', ...selection)).trim().split('\n')

/** @throws if an agent of the node is not ready within the time */
export const agentsReady = (node: string, withinSeconds: number): Promise<string> =>
  kubectl(
    '-n',
    NAMESPACE,
    'wait',
    '--for=condition=Ready',
    'pods',
    '-l',
    AGENTS,
    `--field-selector=spec.nodeName=${node}`,
    `--timeout=${withinSeconds}s`,
  )

export const agentImage = (): Promise<string> =>
  kubectl(
    '-n',
    NAMESPACE,
    'get',
    'daemonset/oddnode-agent-pod',
    '-o',
    'jsonpath={.spec.template.spec.containers[0].image}',
  )
