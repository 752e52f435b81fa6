import { get, kubectl } from './commands.ts'
import { NAMESPACE } from './release.ts'

type Pods = { items: { metadata: { name: string; uid: string } }[] }

/**
 * A token of the agents' service account, as the API server makes it.
 * @param pod that it is bound to, and so to its node; none: bound to nothing
 */
export async function tokenFor(audience: string, pod?: { name: string; uid: string }): Promise<string> {
  const bound = pod
    ? ['--bound-object-kind=Pod', `--bound-object-name=${pod.name}`, `--bound-object-uid=${pod.uid}`]
    : []
  const token = await kubectl('-n', NAMESPACE, 'create', 'token', 'oddnode-agent', `--audience=${audience}`, ...bound)
  return token.trim()
}

/** The pod of a node's agent in the pod network. */
export async function agentPodOn(node: string): Promise<{ name: string; uid: string }> {
  const selection = ['-l', 'app.kubernetes.io/component=agent-pod', `--field-selector=spec.nodeName=${node}`]
  const [pod] = (await get<Pods>('-n', NAMESPACE, 'pods', ...selection)).items
  if (!pod) throw new Error(`no agent runs on ${node}`)
  return pod.metadata
}

/**
 * Pushes a round that is none, as the pod agent of a node.
 * @returns the answer's status: 400 for whoever was let in
 */
export async function pushAs(url: string, node: string, token: string | null): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  }
  const answer = await fetch(`${url}/v1/agents/${node}/pod/rounds/0000000000000000-0`, {
    method: 'PUT',
    headers,
    body: '{}',
  })
  await answer.body?.cancel()
  return answer.status
}
