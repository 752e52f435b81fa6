import { endianness } from 'node:os'
import { join } from 'node:path'
import type { Facts } from '@oddnode/protocol'
import { holds, type IpAddress, ipAddressOf } from './ip-address.ts'
import { parseFibTrie } from './local-addresses.ts'
import { readText } from './text-file.ts'

export type Route = {
  family: 4 | 6
  bits: bigint
  /** Of the prefix. */
  length: number
  metric: number
  /** Null for a route that refuses (unreachable, blackhole, prohibit). */
  device: string | null
}

type RouteFact = NonNullable<Facts['routes']>[number]

/** linux/route.h and linux/ipv6_route.h */
const RTF_UP = 0x1
const RTF_REJECT = 0x200
const RTF_LOCAL = 0x80000000
/** Of a device's name on the wire; the kernel's own are shorter (IFNAMSIZ). */
const MAX_DEVICE = 32

/**
 * The device of the route to each address, and that device's MTU: the longest prefix, then the smallest metric, of the main table
 * (/proc/net/route, /proc/net/ipv6_route). An address of this namespace goes through `lo`.
 *
 * Not seen: other tables that rules select, and an MTU of the route itself or learnt from ICMP.
 *
 * @returns undefined where no table can be read; device and MTU are null where no route leads there or the MTU cannot be read
 */
export async function readRoutes(
  addresses: readonly string[],
  { proc = '/proc', sys = '/sys' } = {},
): Promise<RouteFact[] | undefined> {
  const [ipv4, ipv6, trie] = await Promise.all(
    ['net/route', 'net/ipv6_route', 'net/fib_trie'].map((path) => readText(join(proc, path))),
  )
  if (ipv4 === undefined && ipv6 === undefined) return undefined
  const own = parseFibTrie(trie ?? '').map((network) => ({ ...network, metric: 0, device: 'lo' }))
  const routes = [...own, ...parseIpv4Routes(ipv4 ?? ''), ...parseIpv6Routes(ipv6 ?? '')]
  const facts: RouteFact[] = []
  // One after the other: thousands of routes must not keep a probe's reply waiting.
  for (const address of addresses) facts.push(await routeTo(address, routes, sys))
  return facts
}

async function routeTo(address: string, routes: readonly Route[], sys: string): Promise<RouteFact> {
  const parsed = ipAddressOf(address)
  const device = parsed ? deviceOf(parsed, routes) : null
  const text = device === null ? undefined : await readText(join(sys, 'class/net', device, 'mtu'))
  const mtu = Number.parseInt(text ?? '', 10)
  return { address, device, mtu: Number.isNaN(mtu) ? null : mtu }
}

/** The device that the kernel would take, null if none. A link-local address names its own. */
export function deviceOf(address: IpAddress, routes: readonly Route[]): string | null {
  if (address.zone !== null) return address.zone.length > MAX_DEVICE ? null : address.zone
  const fitting = routes.filter((route) => route.family === address.family && holds(route, address))
  return fitting.toSorted((a, b) => b.length - a.length || a.metric - b.metric)[0]?.device ?? null
}

/** /proc/net/route: columns by header name; addresses in hexadecimal, in the machine's byte order. */
export function parseIpv4Routes(text: string, order: 'LE' | 'BE' = endianness()): Route[] {
  const [header = '', ...rows] = text.split('\n').filter((line) => line.trim() !== '')
  const names = header.trim().split(/\s+/)
  return rows.flatMap((row) => {
    const fields = row.trim().split(/\s+/)
    const field = (name: string) => fields[names.indexOf(name)] ?? ''
    const [destination, mask] = [wordOf(field('Destination'), order), wordOf(field('Mask'), order)]
    const flags = Number.parseInt(field('Flags'), 16)
    if (destination === undefined || mask === undefined || !(flags & RTF_UP)) return []
    const device = flags & RTF_REJECT ? null : field('Iface')
    return { family: 4, bits: destination, length: onesOf(mask), metric: Number(field('Metric')), device }
  })
}

/** /proc/net/ipv6_route has no header: destination, length, source, length, next hop, metric, two counts, flags, device. */
export function parseIpv6Routes(text: string): Route[] {
  return text.split('\n').flatMap((line) => {
    const [destination = '', length = '', , , , metric = '', , , flagDigits = '', device] = line.trim().split(/\s+/)
    if (!/^[0-9a-f]{32}$/i.test(destination) || device === undefined) return []
    const flags = Number.parseInt(flagDigits, 16)
    return {
      family: 6,
      bits: BigInt(`0x${destination}`),
      length: Number.parseInt(length, 16),
      metric: Number.parseInt(metric, 16),
      device: deviceBy(flags, device),
    }
  })
}

function deviceBy(flags: number, device: string): string | null {
  if (flags & RTF_REJECT) return null
  return flags & RTF_LOCAL ? 'lo' : device
}

function wordOf(digits: string, order: 'LE' | 'BE'): bigint | undefined {
  if (!/^[0-9a-f]{8}$/i.test(digits)) return undefined
  const octets = Buffer.from(digits, 'hex')
  return BigInt(order === 'LE' ? octets.readUInt32LE() : octets.readUInt32BE())
}

const onesOf = (mask: bigint): number => mask.toString(2).replaceAll('0', '').length
