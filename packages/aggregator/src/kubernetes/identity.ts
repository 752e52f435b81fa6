import type { KubernetesApi } from './api.ts'

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
/** Kubernetes puts it into every token that is bound to a pod, since 1.30 (KEP-4193). */
const NODE = 'authentication.kubernetes.io/node-name'

type TokenReview = {
  status?: {
    authenticated?: boolean
    audiences?: string[]
    user?: { username?: string; extra?: Record<string, string[]> }
  }
}

/**
 * Asks the API server what a token is worth (TokenReview).
 * @returns null for a token that is none, is expired or revoked, belongs to a deleted pod, or has another audience
 * @throws ApiError where the API does not say
 */
export async function reviewToken(api: KubernetesApi, token: string): Promise<Identity | null> {
  const { status } = (await api.ask({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/tokenreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences: [AUDIENCE] } },
    timeoutSeconds: REVIEW_SECONDS,
  })) as TokenReview
  if (!status?.authenticated || !status.audiences?.includes(AUDIENCE)) return null
  const [system, kind, namespace] = status.user?.username?.split(':') ?? []
  if (system !== 'system' || kind !== 'serviceaccount' || namespace === undefined) return null
  return { namespace, node: status.user?.extra?.[NODE]?.[0] ?? null }
}
