import { type Authentication, bearerToken, type Verdict } from '../authentication.ts'
import type { KubernetesApi } from './api.ts'
import { type Identity, reviewToken } from './identity.ts'
import { createTokenCache } from './token-cache.ts'

export type KubernetesAuthenticationOptions = {
  api: KubernetesApi
  /** Oddnode's own: agents of any other namespace are not ours. Null: unknown, and then nobody is let in. */
  namespace: string | null
  /** Agents that may be known at once. */
  maxAgents: number
  /** Seconds that only grow. */
  now: () => number
  /** Why tokens cannot be verified now; null when they can again. */
  onTrouble: (sentence: string | null) => void
}

/** Each agent's token is renewed each hour or so: for a while two are good. */
const TOKENS_PER_AGENT = 2
/** Reviews under way; whoever comes beyond that comes again. */
const MOST_REVIEWS = 64
/** While the API is away it is asked again after this. */
const AWAY_SECONDS = 5

/**
 * Who may push in a cluster: pods of our own namespace, each for the node that the API server bound its token to. Only a token that is not
 * known, or not looked at for long, is waited for; while the API is away those that are known go on, and new ones wait.
 */
export function kubernetesAuthentication(options: KubernetesAuthenticationOptions): Authentication {
  const { api, namespace, maxAgents, now, onTrouble } = options
  const cache = createTokenCache(TOKENS_PER_AGENT * maxAgents)
  const reviews = new Map<string, Promise<Identity | null>>()
  let awayUntil = -Infinity
  let trouble: string | null = null

  function settle(sentence: string | null): void {
    if (sentence !== trouble) onTrouble(sentence)
    trouble = sentence
  }

  async function review(token: string): Promise<Identity | null> {
    const identity = await reviewToken(api, token)
    settle(null)
    cache.put(token, identity, now())
    return identity
  }

  /** Pushes of one agent that come at once wait for the same review. */
  function reviewOnce(token: string): Promise<Identity | null> {
    const running = reviews.get(token) ?? review(token).finally(() => reviews.delete(token))
    reviews.set(token, running)
    return running
  }

  async function ask(token: string, node: string, known: Identity | null): Promise<Verdict> {
    if (now() < awayUntil || (reviews.size >= MOST_REVIEWS && !reviews.has(token)))
      return known === null ? 'unverified' : verdictOf(known, node, namespace)
    try {
      return verdictOf(await reviewOnce(token), node, namespace)
    } catch (error) {
      awayUntil = now() + AWAY_SECONDS
      settle(error instanceof Error ? error.message : String(error))
      return known === null ? 'unverified' : verdictOf(known, node, namespace)
    }
  }

  return (authorization, node) => {
    const token = bearerToken(authorization)
    if (token === undefined) return 'missing'
    const cached = cache.get(token, now())
    if (cached?.isFresh) return verdictOf(cached.identity, node, namespace)
    return ask(token, node, cached?.identity ?? null)
  }
}

function verdictOf(identity: Identity | null, node: string, namespace: string | null): Verdict {
  if (identity === null) return 'wrong'
  if (namespace === null || identity.namespace !== namespace) return 'foreign'
  return identity.node === node ? 'accepted' : 'another-node'
}
