import { printable } from './printable.ts'

/** Labels and compression pointers that are still followed in one message: what bounds the time that its names take. */
export type Steps = { left: number }

const MAX_NAME_OCTETS = 255
const POINTER = 0xc0

/**
 * @returns where the name at `start` ends, its pointers not followed; null if it does not end within the message, or uses a kind of
 * label that does not exist
 */
export function nameEnd(message: Buffer, start: number): number | null {
  let at = start
  for (;;) {
    const octet = message[at]
    if (octet === undefined) return null
    if (octet === 0) return at + 1
    if (octet >= POINTER) return at + 2 <= message.length ? at + 2 : null
    if (octet >= 0x40) return null
    at += 1 + octet
  }
}

/**
 * Reads the name at `start` (RFC 1035 section 4.1.4), pointers followed backwards only.
 * @returns it without its final dot, what is not printable escaped; '' for the root; null if there is none, or the steps do not suffice
 */
export function readName(message: Buffer, start: number, steps: Steps): string | null {
  const labels: string[] = []
  let octets = 1
  let at = start
  let before = start
  for (;;) {
    const octet = message[at]
    if (octet === undefined || steps.left-- <= 0) return null
    if (octet === 0) return labels.join('.')
    if (octet >= POINTER) {
      at = ((octet & 0x3f) << 8) | (message[at + 1] ?? 0xff)
      if (at >= before) return null
      before = at
      continue
    }
    octets += 1 + octet
    // Escaping costs by the octet.
    steps.left -= octet
    if (octet >= 0x40 || octets > MAX_NAME_OCTETS || at + 1 + octet > message.length) return null
    labels.push(label(message.subarray(at + 1, at + 1 + octet)))
    at += 1 + octet
  }
}

/** A dot within a label is not one between labels. */
const label = (octets: Buffer) => printable(octets).replaceAll('.', '\\.')
