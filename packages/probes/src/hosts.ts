import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { readText } from './text-file.ts'

export type HostsEntry = { name: string; address: string }

const MAX_ENTRIES = 64
const MAX_NAME = 253
/** Of an address on the wire; a zone (`fe80::1%…`) can be of any length. */
const MAX_ADDRESS = 64
/** Names that every /etc/hosts has: they shadow nothing that DNS would say. */
const USUAL_NAMES = /^(localhost|broadcasthost|ip6-\w+|.*\.localhost|localhost\d?\.localdomain\d?)$/

/**
 * Names in /etc/hosts that shadow DNS for all but those who ask it directly; the first 64.
 * @returns undefined where the file cannot be read
 */
export async function readHosts(etc = '/etc', ownName = hostname()): Promise<HostsEntry[] | undefined> {
  const text = await readText(join(etc, 'hosts'))
  return text === undefined ? undefined : parseHosts(text, ownName)
}

/** hosts(5): an address and its names, `#` begins a comment. Usual names and the machine's own (which differs everywhere) are left out. */
export function parseHosts(text: string, ownName: string): HostsEntry[] {
  const own = ownName.toLowerCase()
  const entries = text.split('\n').flatMap(entriesOf)
  return entries.filter(({ name }) => name !== own && !name.startsWith(`${own}.`)).slice(0, MAX_ENTRIES)
}

function entriesOf(line: string): HostsEntry[] {
  const [address = '', ...names] = line.replace(/#.*/s, '').trim().split(/\s+/)
  if (isIP(address) === 0 || address.length > MAX_ADDRESS) return []
  return names
    .map((name) => ({ name: name.toLowerCase(), address }))
    .filter(({ name }) => name.length <= MAX_NAME && !USUAL_NAMES.test(name))
}
