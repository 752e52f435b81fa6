import { isIP } from 'node:net'

/** An address as a number: 32 bits of IPv4, 128 of IPv6. */
export type IpAddress = { family: 4 | 6; bits: bigint; zone: string | null }

/** The address that a text denotes (`10.0.0.1`, `fe80::1%eth0`), undefined if it denotes none. */
export function ipAddressOf(text: string): IpAddress | undefined {
  const family = isIP(text)
  if (family === 4) return { family, bits: ipv4Bits(text), zone: null }
  if (family !== 6) return undefined
  const [address = '', zone = null] = text.split('%')
  return { family: 6, bits: ipv6Bits(address), zone }
}

/** Does the network `bits/length` hold the address? Both of one family. */
export function holds(network: { bits: bigint; length: number }, address: IpAddress): boolean {
  const hostBits = BigInt((address.family === 4 ? 32 : 128) - network.length)
  return network.bits >> hostBits === address.bits >> hostBits
}

const ipv4Bits = (text: string): bigint => joined(text.split('.').map(Number), 8n)

/** RFC 4291 section 2.2: groups of 16 bits, one `::`, and perhaps IPv4 at the end. */
function ipv6Bits(text: string): bigint {
  const [head = '', tail] = text.split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = Array<number>(8 - before.length - after.length).fill(0)
  return joined([...before, ...zeros, ...after], 16n)
}

const groupsOf = (text: string): number[] => (text === '' ? [] : text.split(':').flatMap(groupOf))

function groupOf(group: string): number[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16)]
  const bits = Number(ipv4Bits(group))
  return [Math.floor(bits / 2 ** 16), bits % 2 ** 16]
}

const joined = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((bits, part) => (bits << width) | BigInt(part), 0n)
