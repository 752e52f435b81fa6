import { setTimeout as sleep } from 'node:timers/promises'
import type { KubernetesApi } from './api.ts'

/** A right whose lack would show only when it is used: what is listed and watched tells for itself. */
export type Right = {
  verb: 'create'
  /** API group, '' for the core one. */
  group: string
  resource: string
  /** Absent where the resource has none. */
  namespace?: string
  /** The setting that needs it. */
  setting: string
  /** What is not there without it. */
  hides: string
}

export type RightsWatch = {
  /** The rights that the API server says are lacking, as of its last answer: one sentence each. */
  lacking: () => string[]
  close: () => void
}

export type RightsWatchOptions = { api: KubernetesApi; rights: readonly Right[]; onChange: () => void }

/** Somebody gives or takes a right seldom. */
const ASK_SECONDS = 60
const ANSWER_SECONDS = 5

/** Asks again and again which of these rights the API server would grant; while it does not say, what it said last holds. */
export function watchRights({ api, rights, onChange }: RightsWatchOptions): RightsWatch {
  const stop = new AbortController()
  const lacking = new Set<Right>()

  function settle(right: Right, isAllowed: boolean): void {
    if (isAllowed !== lacking.has(right)) return
    if (isAllowed) lacking.delete(right)
    else lacking.add(right)
    onChange()
  }

  async function follow(): Promise<void> {
    while (rights.length > 0 && !stop.signal.aborted) {
      for (const right of rights) {
        const isAllowed = await mayI(api, right, stop.signal).catch(() => null)
        if (isAllowed !== null) settle(right, isAllowed)
      }
      await sleep(1000 * ASK_SECONDS, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  void follow()
  return { lacking: () => rights.filter((right) => lacking.has(right)).map(sentence), close: () => stop.abort() }
}

type AccessReview = { status?: { allowed?: boolean } }

/**
 * SelfSubjectAccessReview: whoever has a token may ask it about themselves.
 * @throws ApiError where the API does not say
 */
async function mayI(api: KubernetesApi, right: Right, signal: AbortSignal): Promise<boolean> {
  const { verb, group, resource, namespace = '' } = right
  const { status } = (await api.ask({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb, group, resource, namespace } },
    },
    timeoutSeconds: ANSWER_SECONDS,
    signal,
  })) as AccessReview
  return status?.allowed === true
}

function sentence({ verb, group, resource, namespace, setting, hides }: Right): string {
  const what = group === '' ? resource : `${resource}.${group}`
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`
  return `The Kubernetes API does not let oddnode ${verb} ${what}${where}, which ${setting} needs; hidden: ${hides}.`
}
