import type { Answer, Asked } from './api-server.ts'

/** The answer of a real API server (Kubernetes 1.34) to a good token of a pod. */
export const reviewed = (node: string, { namespace = 'oddnode' }: { namespace?: string } = {}) => {
  return {
    kind: 'TokenReview',
    apiVersion: 'authentication.k8s.io/v1',
    spec: { audiences: ['oddnode'] },
    status: {
      authenticated: true,
      user: {
        username: `system:serviceaccount:${namespace}:oddnode-agent`,
        uid: 'b98c8770-0dab-47e7-b01e-38748ba0421f',
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        extra: {
          'authentication.kubernetes.io/credential-id': ['JTI=c1c89b7d-cc22-4947-bb39-0c9838308f7f'],
          'authentication.kubernetes.io/node-name': [node],
          'authentication.kubernetes.io/pod-name': ['oddnode-agent-pod-4ttxq'],
          'authentication.kubernetes.io/pod-uid': ['e440dedd-1746-48db-8393-ed04545b3348'],
        },
      },
      audiences: ['oddnode'],
    },
  }
}

/** The same to a token for another audience. */
export const refused = {
  kind: 'TokenReview',
  apiVersion: 'authentication.k8s.io/v1',
  spec: { audiences: ['oddnode'] },
  status: {
    user: {},
    error: '[invalid bearer token, token audiences ["other"] is invalid for the target audiences ["oddnode"]]',
  },
}

const REVIEWS = '/apis/authentication.k8s.io/v1/tokenreviews'

/** An API server that knows tokens: `answer` of `startApiServer`. */
export const knowing =
  (tokens: Readonly<Record<string, unknown>>) =>
  ({ path, body }: Asked): Answer | null => {
    if (path !== REVIEWS) return null
    const token = (body as { spec?: { token?: string } }).spec?.token ?? ''
    return { status: 201, body: tokens[token] ?? refused }
  }

export const reviewsAsked = (asked: readonly Asked[]): number => asked.filter(({ path }) => path === REVIEWS).length
