import type { Facts, ResolvConfFact } from '@oddnode/protocol'
import type { AgentFacts } from '../../src/cluster/agent-facts.ts'

export const resolvConfOf = (changed: Partial<ResolvConfFact> = {}): ResolvConfFact => ({
  path: '/etc/resolv.conf',
  nameservers: changed.usedNameservers ?? [],
  search: [],
  options: [],
  usedNameservers: [],
  limits: [],
  modifiedAt: null,
  unread: [],
  error: null,
  ...changed,
})

/** kubelet's search list for a pod of ours. */
export const podSearch = ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local']

export const podAgent = (node: string, nameserver: string, facts: Partial<Facts> = {}): AgentFacts => ({
  node,
  vantage: 'pod',
  facts: { resolvConf: resolvConfOf({ usedNameservers: [nameserver], search: podSearch }), ...facts },
})

export const hostAgent = (node: string, ...usedNameservers: string[]): AgentFacts => ({
  node,
  vantage: 'host',
  facts: { resolvConf: resolvConfOf({ usedNameservers }) },
})
