import type { ClusterCheck, ClusterDns, TargetOrigin } from '@oddnode/protocol'
import { forwardAddresses } from './corefile.ts'

const originWords: Readonly<Record<TargetOrigin, string>> = {
  configuration: 'the configuration',
  'resolv.conf': "pods' resolv.conf",
  'local-address': 'the addresses that live on nodes',
  environment: 'the environment',
  kubernetes: "its DaemonSet's arguments",
}

/** Where it was learnt what nobody had to set: what is asked must not be a riddle. Parts that are missing are normal. */
export function learntChecks(dns: ClusterDns): ClusterCheck[] {
  return [nodeLocal(dns), upstreams(dns)].map((check) => ({ ...check, detail: check.detail.slice(0, 512) }))
}

function nodeLocal({ nodeLocalAddresses, nodeLocalOwns, nodeLocalLearnedFrom }: ClusterDns): ClusterCheck {
  const id = 'node-local-dns'
  if (nodeLocalLearnedFrom === undefined) return { id, passed: null, detail: 'No node-local DNS was found.' }
  const owns = nodeLocalOwns.length === 0 ? '' : `, which takes over ${nodeLocalOwns.join(' and ')}`
  const detail = `${nodeLocalAddresses.join(' and ')}${owns}, learnt from ${originWords[nodeLocalLearnedFrom]}.`
  return { id, passed: true, detail }
}

function upstreams({ upstreams: addresses, forwards }: ClusterDns): ClusterCheck {
  const id = 'upstream-resolvers'
  if (addresses.length === 0) return { id, passed: null, detail: noUpstream(forwards) }
  const named = forwardAddresses(forwards)
  const origin = (address: string) => (named.includes(address) ? 'the Corefile' : "hosts' resolv.conf")
  const byOrigin = Map.groupBy(addresses, origin)
  const parts = [...byOrigin].map(([from, some]) => `${some.join(', ')} from ${from}`)
  return { id, passed: true, detail: `${parts.join('; ')}.` }
}

/** Queries in the clear on port 53 are all that is asked. */
function noUpstream(forwards: readonly string[]): string {
  const others = forwards.filter((to) => to !== '/etc/resolv.conf')
  if (others.length === 0) return 'No resolver outside the cluster was found.'
  return `The Corefile forwards to ${others.join(', ')}, which is not asked: only plain DNS on port 53 is.`
}
