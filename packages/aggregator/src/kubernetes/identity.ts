import { ApiError, type KubernetesApi } from './api.ts'
import type { Pod } from './objects.ts'

/** Whom a token was made for. */
export type Identity = {
  /** Of the service account. */
  namespace: string
  /** The node that the API server bound the token to; null where it is bound to none. */
  node: string | null
}

/** Tokens for anybody else, the API server included, are no sign that somebody means us. */
export const AUDIENCE = 'oddnode'

const REVIEW_SECONDS = 3

type TokenReview = {
  status?: {
    authenticated?: boolean
    audiences?: string[]
    user?: { username?: string; extra?: Record<string, string[]> }
  }
}

/**
 * Asks the API server what a token is worth (TokenReview).
 * @param ownNamespace only a pod of it is looked up
 * @returns null for a token that is none, is expired or revoked, belongs to a deleted pod, or has another audience
 * @throws ApiError where the API does not say
 */
export async function reviewToken(
  api: KubernetesApi,
  token: string,
  ownNamespace: string | null,
): Promise<Identity | null> {
  const { status } = (await api.ask({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: [AUDIENCE] } },
    timeoutSeconds: REVIEW_SECONDS,
  })) as TokenReview
  if (!status?.authenticated || !status.audiences?.includes(AUDIENCE)) return null
  const [system, kind, namespace] = status.user?.username?.split(':') ?? []
  if (system !== 'system' || kind !== 'serviceaccount' || namespace === undefined) return null
  const isOurs = namespace === ownNamespace
  return { namespace, node: isOurs ? await nodeOf(api, namespace, status.user?.extra ?? {}) : null }
}

const NODE = 'authentication.kubernetes.io/node-name'
const POD = 'authentication.kubernetes.io/pod-name'
const POD_UID = 'authentication.kubernetes.io/pod-uid'

/** Since Kubernetes 1.30 a token names its node (KEP-4193); before, its pod, which the API knows the node of. */
async function nodeOf(
  api: KubernetesApi,
  namespace: string,
  { [NODE]: nodes, [POD]: pods, [POD_UID]: uids }: Record<string, string[]>,
): Promise<string | null> {
  if (nodes?.[0] !== undefined) return nodes[0]
  const name = pods?.[0]
  if (name === undefined) return null
  const pod = await podOf(api, namespace, name)
  return pod?.metadata?.uid === uids?.[0] ? (pod?.spec?.nodeName ?? null) : null
}

/** @returns null where there is none */
async function podOf(api: KubernetesApi, namespace: string, name: string): Promise<Pod | null> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`
  try {
    return (await api.ask({ path, timeoutSeconds: REVIEW_SECONDS })) as Pod
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}
