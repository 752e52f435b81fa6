import type { FastifyBaseLogger } from 'fastify'
import { type Authentication, acceptAll, sharedSecret } from './authentication.ts'
import type { AggregatorConfig } from './config-schema.ts'
import type { KubernetesApi } from './kubernetes/api.ts'
import { kubernetesAuthentication } from './kubernetes/kubernetes-authentication.ts'

export type AuthenticationSources = {
  config: Pick<AggregatorConfig, 'auth' | 'limits'>
  /** Of `auth.mode` shared-secret. */
  secret: string | null
  /** Of `auth.mode` kubernetes. */
  api: KubernetesApi | null
  namespace: string | null
  now: () => number
  log: FastifyBaseLogger
}

/**
 * What `auth.mode` says.
 * @throws where the mode lacks what it needs, which the configuration's check does not let happen
 */
export function chooseAuthentication({
  config,
  secret,
  api,
  namespace,
  now,
  log,
}: AuthenticationSources): Authentication {
  const { mode } = config.auth
  if (mode === 'none') return acceptAll
  if (mode === 'shared-secret' && secret !== null) return sharedSecret(secret)
  if (mode === 'kubernetes' && api !== null) {
    const onTrouble = (sentence: string | null) => {
      if (sentence === null) log.info('tokens are verified again')
      else log.error(`tokens cannot be verified: ${sentence}`)
    }
    return kubernetesAuthentication({ api, namespace, maxAgents: config.limits.agents, now, onTrouble })
  }
  throw new Error(`auth.mode ${mode} lacks what it needs`)
}
