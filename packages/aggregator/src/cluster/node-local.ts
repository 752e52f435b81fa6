import { isIP } from 'node:net'
import type { TargetOrigin } from '@oddnode/protocol'
import type { DaemonSet } from '../kubernetes/objects.ts'
import { isLinkLocal, type SeenByAgents } from './agent-facts.ts'
import { UPSTREAM_SERVICE } from './dns-service.ts'

/** A DaemonSet as it is kept: only node-local DNS's arguments tell something. */
export type KeptDaemonSet = {
  /** `-localip`: the addresses that it takes on every node. */
  localAddresses: string[]
  /** `-upstreamsvc`: the Service that it asks. */
  upstreamService: string
}

/** Where node-local DNS usually listens: the addon, kubespray, Talos. */
const usualAddresses = ['169.254.20.10', '169.254.25.10', '169.254.116.108']

/** @returns null for a DaemonSet that is no node-local DNS */
export function keepDaemonSet({ spec }: DaemonSet): KeptDaemonSet | null {
  for (const { command = [], args = [] } of spec?.template?.spec?.containers ?? []) {
    const words = [...command, ...args]
    const addresses =
      argument(words, 'localip')
        ?.split(',')
        .map((text) => text.trim()) ?? []
    if (addresses.length === 0) continue
    return {
      localAddresses: addresses.filter((address) => isIP(address) !== 0),
      upstreamService: argument(words, 'upstreamsvc') ?? UPSTREAM_SERVICE,
    }
  }
  return null
}

/** The value of `-name value`, `--name value`, `-name=value` or `--name=value` (Go's flag package). */
function argument(words: readonly string[], name: string): string | undefined {
  for (const [index, word] of words.entries()) {
    const [flag, value] = word.split(/=(.*)/s)
    if (flag === `-${name}` || flag === `--${name}`) return value ?? words[index + 1]
  }
  return undefined
}

export type NodeLocal = {
  addresses: string[]
  /** ClusterIPs that it takes over on each node. */
  owns: string[]
  /** Where the addresses were learnt; null where there are none. */
  learnedFrom: TargetOrigin | null
}

/**
 * Node-local DNS, by what is surest: its DaemonSet's arguments, the nameserver that kubelet gives most pods, a usual address that lives
 * on some node.
 * @param clusterIps of cluster DNS and of its second Service
 */
export function nodeLocalOf(
  daemonSets: Iterable<KeptDaemonSet>,
  seen: Pick<SeenByAgents, 'podNameservers' | 'localAddresses' | 'pods'>,
  clusterIps: readonly string[],
): NodeLocal {
  const [daemonSet] = daemonSets
  if (daemonSet !== undefined) {
    return {
      addresses: daemonSet.localAddresses.filter((address) => !clusterIps.includes(address)),
      owns: daemonSet.localAddresses.filter((address) => clusterIps.includes(address)),
      learnedFrom: 'kubernetes',
    }
  }
  const used = seen.podNameservers.filter(({ value, nodes }) => isLinkLocal(value) && 2 * nodes > seen.pods)
  if (used.length > 0) return { addresses: used.map(({ value }) => value), owns: [], learnedFrom: 'resolv.conf' }
  const local = usualAddresses.filter((address) => seen.localAddresses.includes(address))
  return { addresses: local, owns: [], learnedFrom: local.length > 0 ? 'local-address' : null }
}
