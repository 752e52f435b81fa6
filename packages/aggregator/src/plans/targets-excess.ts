import { MAX_PROBES, MAX_TARGETS, makePlan } from '@oddnode/protocol'
import type { AggregatorConfig } from '../config-schema.ts'
import { fits } from './fitting-plan.ts'
import { type PlanContent, planInputOf } from './plan-of.ts'

/** What a plan may have to hold besides the targets that are set: an agent's own nameserver, its search list, two CoreDNS pods. */
const besides: PlanContent = {
  vantage: 'pod',
  nameserver: '192.0.2.254',
  servesCluster: true,
  wildcardDomains: Array.from({ length: 6 }, (_, i) => `domain-${i}.example`),
  upstreams: [],
  endpoints: [1, 2].map((i) => ({
    endpoint: {
      address: `198.51.100.${i}`,
      pod: null,
      node: null,
      zone: null,
      ready: true,
      terminating: false,
      createdAt: null,
    },
    everyRounds: 1,
  })),
  clusterIpRounds: 1,
  nodeLocalRounds: 1,
  sparesConnections: false,
}

/** Names that most clusters have, where they are discovered. */
const names = {
  clusterDomain: 'cluster.local',
  namespace: 'oddnode',
  canary: 'oddnode-agents.oddnode.svc.cluster.local',
}
/** One below and one above what most paths carry, and one that only TCP brings whole. */
const large = [1232, 1460, 4096].map((octets) => ({ name: `large-${octets}.oddnode.svc.cluster.local`, octets }))

/** @returns what is wrong with the targets that are set, where no plan has room for them all; else nothing */
export function targetsExcess(config: AggregatorConfig): string[] {
  const input = planInputOf(besides, { cluster: null, config, namespace: names.namespace })
  const plan = makePlan({ ...input, names: { ...input.names, ...names }, large })
  if (fits(plan)) return []
  const { ntp: _, ...asked } = config.targets
  const addresses = Object.values(asked).flat().length
  return [
    `targets has ${addresses} addresses, for up to ${plan.probes.length} probes of each agent, allowed are ${MAX_TARGETS} addresses and ${MAX_PROBES} probes: name fewer`,
  ]
}
