import { existsSync } from 'node:fs'
import type { Cluster } from '@oddnode/protocol'
import type { FastifyBaseLogger } from 'fastify'
import type { AggregatorConfig } from '../config-schema.ts'
import type { KubernetesApi } from '../kubernetes/api.ts'
import { EVENT_NAMESPACE } from '../kubernetes/node-event.ts'
import type { Right } from '../kubernetes/rights.ts'
import type { AgentFacts } from './agent-facts.ts'
import { watchClusterFile } from './cluster-file.ts'
import { type Discovery, noDiscovery } from './discovery.ts'
import { discoverByKubernetes } from './kubernetes-discovery.ts'

export type DiscoveryOptions = {
  config: AggregatorConfig
  /** Null where no API server is known. */
  api: KubernetesApi | null
  /** Oddnode's own namespace. */
  namespace: string | null
  agents: () => Iterable<AgentFacts>
  now: () => number
  log: FastifyBaseLogger
  onCluster: (cluster: Cluster) => void
}

/** Begins to learn what the cluster is, from where `discovery.mode` says. */
export function startDiscovery(options: DiscoveryOptions): Discovery {
  const { config, api, namespace, agents, now, onCluster, log } = options
  switch (modeOf(config, api)) {
    case 'kubernetes':
      if (api === null) return noDiscovery
      return discoverByKubernetes({
        api,
        settings: {
          vantages: config.discovery.vantages,
          namespace,
          canary: config.names.canary,
          clusterDomain: config.names.clusterDomain || null,
          targets: config.targets,
        },
        rights: rightsOf(config),
        agents,
        now,
        onCluster,
      })
    case 'file':
      return watchClusterFile({
        path: config.clusterFile ?? '',
        onCluster,
        onTrouble: (sentence) => (sentence === null ? log.info('the cluster file is well') : log.error(sentence)),
      })
    case 'none':
      return noDiscovery
  }
}

/** What is written to the API, and asked of it: nothing shows that it is refused until it is needed. */
const rightsOf = ({ events, auth }: AggregatorConfig): Right[] => [
  ...(events.enabled ? [eventRight] : []),
  ...(auth.mode === 'kubernetes' ? [tokenRight] : []),
]

const eventRight: Right = {
  verb: 'create',
  group: '',
  resource: 'events',
  namespace: EVENT_NAMESPACE,
  setting: 'events.enabled',
  hides: 'findings in the events of nodes',
}

const tokenRight: Right = {
  verb: 'create',
  group: 'authentication.k8s.io',
  resource: 'tokenreviews',
  setting: 'auth.mode',
  hides: 'every agent that was not let in before',
}

/** What `discovery.mode` auto comes to: what somebody set on purpose goes first. */
export function modeOf(
  { discovery, clusterFile, kubernetes }: Pick<AggregatorConfig, 'discovery' | 'clusterFile' | 'kubernetes'>,
  api: KubernetesApi | null,
): 'kubernetes' | 'file' | 'none' {
  if (discovery.mode !== 'auto') return discovery.mode
  if (clusterFile !== undefined) return 'file'
  return api !== null && existsSync(kubernetes.tokenFile) ? 'kubernetes' : 'none'
}
