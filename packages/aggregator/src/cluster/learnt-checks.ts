import {
  type ClusterCheck,
  type ClusterDns,
  DNS_PORT,
  formatAddress,
  parseAddress,
  type TargetOrigin,
} from '@oddnode/protocol'
import type { AggregatorConfig } from '../config-schema.ts'
import { forwardAddresses } from './corefile.ts'

const originWords: Readonly<Record<TargetOrigin, string>> = {
  configuration: 'the configuration',
  'resolv.conf': "pods' resolv.conf",
  'local-address': 'the addresses that live on nodes',
  environment: 'the environment',
  kubernetes: "its DaemonSet's arguments",
}

/**
 * Where it was learnt what is asked, which must not be a riddle. Parts that are missing are normal.
 * @param set what the operator set: asked in place of what was found
 */
export function learntChecks(dns: ClusterDns, set: AggregatorConfig['targets']): ClusterCheck[] {
  return [
    set.nodeLocal.length > 0
      ? asSet('node-local-dns', 'targets.nodeLocal', set.nodeLocal, dns.nodeLocalAddresses)
      : nodeLocal(dns),
    set.upstream.length > 0
      ? asSet('upstream-resolvers', 'targets.upstream', set.upstream, dns.upstreams)
      : upstreams(dns),
  ].map((check) => ({ ...check, detail: check.detail.slice(0, 512) }))
}

/** What was found besides is not asked, which whoever set it long ago may not know any more. */
function asSet(id: string, setting: string, set: readonly string[], found: readonly string[]): ClusterCheck {
  const asked = set.map(withoutUsualPort)
  const others = found.filter((address) => !asked.includes(address))
  const rest = others.length === 0 ? '' : `; found as well, and not asked: ${others.join(' and ')}`
  return { id, passed: true, detail: `${asked.join(' and ')}, set by ${setting}${rest}.` }
}

function withoutUsualPort(text: string): string {
  const parsed = parseAddress(text, DNS_PORT)
  return parsed === null ? text : formatAddress(parsed, DNS_PORT)
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
