import { isIP } from 'node:net'
import { DNS_PORT, parseAddress } from '@oddnode/protocol'

/** What a Corefile says of who serves which zone. */
export type Corefile = {
  /** Zones of the plugin `kubernetes` but for reverse ones, without dots at their ends. */
  zones: string[]
  /** Where other names are forwarded to, as written. */
  forwards: string[]
}

const NESTED = /[{}]/

/**
 * Reads the lines of a Corefile that matter here: `kubernetes ZONES…` and `forward FROM TO…` (or `proxy`, before CoreDNS 1.5). Anything else
 * is passed over: a Corefile that CoreDNS refuses is CoreDNS's to tell of.
 */
export function readCorefile(text: string): Corefile {
  const zones: string[] = []
  const forwards: string[] = []
  let serverZones: string[] = []
  let depth = 0
  for (const line of text.split('\n')) {
    const words = wordsOf(line)
    const [plugin, ...values] = words.filter((word) => !NESTED.test(word))
    if (depth === 0 && words.length > 0) serverZones = words.filter((word) => word !== '{').map(zoneOf)
    if (depth === 1 && plugin === 'kubernetes') zones.push(...(values.length > 0 ? values.map(zoneOf) : serverZones))
    if (depth === 1 && (plugin === 'forward' || plugin === 'proxy') && isRoot(values[0], serverZones))
      forwards.push(...values.slice(1))
    depth += words.filter((word) => word === '{').length - words.filter((word) => word === '}').length
  }
  return { zones: [...new Set(zones.filter(isForward))], forwards: [...new Set(forwards)] }
}

const wordsOf = (line: string): string[] =>
  line
    .replace(/#.*$/, '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')

/** A zone of a server block or plugin, without scheme, port and final dot; '' for the root. */
const zoneOf = (text: string): string =>
  text
    .replace(/^[a-z]+:\/\//, '')
    .replace(/:\d+,?$/, '')
    .replace(/,$/, '')
    .replace(/\.$/, '')

const isForward = (zone: string): boolean => zone !== '' && !zone.endsWith('.arpa')

/** `forward .` in a server block of the root, or of nothing but the root. */
const isRoot = (from: string | undefined, serverZones: readonly string[]): boolean =>
  from === '.' && serverZones.includes('')

/**
 * The addresses among what a Corefile forwards to. `/etc/resolv.conf` is none, nor is a server that is asked over TLS: no plain query would
 * get an answer there.
 */
export function forwardAddresses(forwards: readonly string[]): string[] {
  const plain = forwards
    .filter((to) => !/^(tls|https|quic|grpc):\/\//.test(to))
    .map((to) => to.replace(/^dns:\/\//, ''))
  return plain.flatMap((to) => {
    const parsed = parseAddress(to, DNS_PORT)
    return parsed !== null && parsed.port === DNS_PORT && isIP(parsed.address) !== 0 ? [parsed.address] : []
  })
}

/** Names outside the cluster go to what the node's resolv.conf names. */
export const forwardsToResolvConf = (forwards: readonly string[]): boolean => forwards.includes('/etc/resolv.conf')
