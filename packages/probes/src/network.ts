import { join } from 'node:path'
import type { Facts } from '@oddnode/protocol'
import { parseIpv4Routes, parseIpv6Routes, type Route } from './routes.ts'
import { readText } from './text-file.ts'

export type NetworkFact = NonNullable<Facts['network']>

/** Of an address in /proc/net/if_inet6: IPV6_ADDR_SCOPE_GLOBAL in the kernel's ipv6.h. Unique local ones (fd00::/8) have it, too. */
const GLOBAL_SCOPE = '00'
/** kube-proxy's dummy device in IPVS mode: it owns every ClusterIP. */
const IPVS_DEVICE = 'kube-ipvs0'

/**
 * How packets may travel in this network namespace: default routes of the main table, the switches of /proc/sys/net, and whether IPVS
 * owns ClusterIPs.
 * @returns undefined where /proc/net/dev cannot be read; null for the part that cannot. Without IPv6's files there is no IPv6.
 */
export async function readNetwork(proc = '/proc'): Promise<NetworkFact | undefined> {
  const [devices, ipv4, ipv6, inet6, forward, bridge, nonlocal] = await Promise.all(
    [
      'net/dev',
      'net/route',
      'net/ipv6_route',
      'net/if_inet6',
      'sys/net/ipv4/ip_forward',
      'sys/net/bridge/bridge-nf-call-iptables',
      'sys/net/ipv4/ip_nonlocal_bind',
    ].map((path) => readText(join(proc, path))),
  )
  if (devices === undefined) return undefined
  return {
    defaultRouteIpv4: ipv4 === undefined ? null : hasDefault(parseIpv4Routes(ipv4)),
    defaultRouteIpv6: hasDefault(parseIpv6Routes(ipv6 ?? '')),
    globalIpv6: hasGlobalIpv6(inet6 ?? ''),
    ipForward: switchOf(forward),
    bridgeNfCallIptables: switchOf(bridge),
    ipNonlocalBind: switchOf(nonlocal),
    ipvs: hasDevice(devices, IPVS_DEVICE),
  }
}

/** A route for everything that does not refuse it. */
const hasDefault = (routes: readonly Route[]): boolean =>
  routes.some(({ length, device }) => length === 0 && device !== null)

/** Columns: address, index, prefix length, scope, flags, device. */
export const hasGlobalIpv6 = (inet6: string): boolean =>
  inet6.split('\n').some((line) => line.trim().split(/\s+/)[3] === GLOBAL_SCOPE)

/** Each line of /proc/net/dev begins with a name and a colon. */
export const hasDevice = (devices: string, name: string): boolean =>
  devices.split('\n').some((line) => line.split(':')[0]?.trim() === name && line.includes(':'))

/** A switch of /proc/sys, null where it cannot be read. */
function switchOf(text: string | undefined): boolean | null {
  const value = Number.parseInt(text ?? '', 10)
  return Number.isNaN(value) ? null : value !== 0
}
