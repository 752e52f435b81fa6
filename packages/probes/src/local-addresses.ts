import { join } from 'node:path'
import { holds, type IpAddress, ipAddressOf } from './ip-address.ts'
import { readText } from './text-file.ts'

/** A network whose every address the kernel takes as its own. */
export type LocalNetwork = { family: 4 | 6; bits: bigint; length: number }

/**
 * Which of these addresses live in this network namespace, as the kernel's own tables say: LOCAL in /proc/net/fib_trie, and
 * /proc/net/if_inet6. (`bind` proves nothing where `ip_nonlocal_bind` is set.)
 *
 * With kube-proxy in IPVS mode every ClusterIP is local, on `kube-ipvs0`.
 *
 * @returns undefined where fib_trie cannot be read; without if_inet6 there is no IPv6 here, so none of its addresses is local
 */
export async function readLocalAddresses(addresses: readonly string[], proc = '/proc'): Promise<string[] | undefined> {
  const trie = await readText(join(proc, 'net/fib_trie'))
  if (trie === undefined) return undefined
  const inet6 = await readText(join(proc, 'net/if_inet6'))
  const networks = [...parseFibTrie(trie), ...parseIfInet6(inet6 ?? '')]
  return addresses.filter((address) => isLocal(ipAddressOf(address), networks))
}

/** The LOCAL leaves of /proc/net/fib_trie; twice where the main table shows the local one too. */
export function parseFibTrie(text: string): LocalNetwork[] {
  const networks: LocalNetwork[] = []
  let leaf: IpAddress | undefined
  for (const line of text.split('\n')) {
    leaf = ipAddressOf(/\|-- (\S+)/.exec(line)?.[1] ?? '') ?? leaf
    const length = /\/(\d+) host LOCAL/.exec(line)?.[1]
    if (leaf && length !== undefined) networks.push({ family: 4, bits: leaf.bits, length: Number(length) })
  }
  return networks
}

/** The addresses of /proc/net/if_inet6: 32 hexadecimal digits, then index, prefix length, scope, flags and device. */
export const parseIfInet6 = (text: string): LocalNetwork[] =>
  text
    .split('\n')
    .flatMap((line) => /^[0-9a-f]{32}(?=\s)/i.exec(line)?.[0] ?? [])
    .map((digits) => ({ family: 6, bits: BigInt(`0x${digits}`), length: 128 }))

const isLocal = (address: IpAddress | undefined, networks: readonly LocalNetwork[]): boolean =>
  address !== undefined && networks.some((network) => network.family === address.family && holds(network, address))
