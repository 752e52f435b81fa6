/** What the wire to the aggregator carries of one record. */
export const MAX_TEXT = 512

/**
 * Octets as text of printable ASCII: everything else as `\DDD`, `\` and `"` escaped (RFC 1035 section 5.1). It comes from outside and ends
 * on a page, so it is cut soon after 512 characters.
 */
export function printable(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) {
    if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`
    else if (octet >= 0x20 && octet < 0x7f) text += String.fromCharCode(octet)
    else text += `\\${String(octet).padStart(3, '0')}`
    if (text.length >= MAX_TEXT) break
  }
  return text
}
