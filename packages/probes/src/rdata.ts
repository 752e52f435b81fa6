import { record } from 'dns-packet'
import { nameEnd, readName, type Steps } from './names.ts'
import { MAX_TEXT, printable } from './printable.ts'
import type { ResourceRecord } from './sections.ts'

/** https://www.iana.org/assignments/dns-parameters, resource record types. */
const A = 1
const NS = 2
const CNAME = 5
const SOA = 6
const PTR = 12
const TXT = 16
const AAAA = 28
const DNAME = 39

const RDLENGTH_OCTETS = 2
const ipv4 = record('A')
const ipv6 = record('AAAA')

/**
 * RDATA in the presentation format of RFC 1035 section 5.1, names without their final dot, types that we never ask as RFC 3597
 * section 5 writes them. Printable ASCII only, at most 512 characters.
 * @returns null if it is not RDATA of its type
 */
export function rdataText(message: Buffer, resource: ResourceRecord, steps: Steps): string | null {
  return presentation(message, resource, steps)?.slice(0, MAX_TEXT) ?? null
}

function presentation(message: Buffer, { type, at, end }: ResourceRecord, steps: Steps): string | null {
  switch (type) {
    case A:
      return end - at === 4 ? ipv4.decode(message, at - RDLENGTH_OCTETS) : null
    case AAAA:
      return end - at === 16 ? ipv6.decode(message, at - RDLENGTH_OCTETS) : null
    case CNAME:
    case DNAME:
    case NS:
    case PTR:
      return nameEnd(message, at) === end ? readName(message, at, steps) : null
    case SOA:
      return soaText(message, at, end, steps)
    case TXT:
      return stringsText(message, at, end)
    default:
      return `\\# ${end - at} ${message.toString('hex', at, Math.min(end, at + MAX_TEXT))}`
  }
}

/** Two names, then five numbers (RFC 1035 section 3.3.13). */
function soaText(message: Buffer, at: number, end: number, steps: Steps): string | null {
  const second = nameEnd(message, at)
  const numbers = second && nameEnd(message, second)
  if (!second || !numbers || numbers + 20 !== end) return null
  const names = [readName(message, at, steps), readName(message, second, steps)]
  if (names.includes(null)) return null
  return [...names, ...[0, 4, 8, 12, 16].map((offset) => message.readUInt32BE(numbers + offset))].join(' ')
}

/** Strings with their length before each (RFC 1035 section 3.3.14); what would be cut off is not read. */
function stringsText(message: Buffer, start: number, end: number): string | null {
  const strings: string[] = []
  let characters = 0
  let at = start
  while (at < end && characters < MAX_TEXT) {
    const next = at + 1 + message.readUInt8(at)
    if (next > end) return null
    const text = `"${printable(message.subarray(at + 1, next))}"`
    strings.push(text)
    characters += text.length
    at = next
  }
  return strings.join(' ')
}
