/** A status line is some twenty octets: no health page needs so many. */
const MAX_STATUS_LINE = 512
const PROTOCOL = 'HTTP/1.'
const STATUS_LINE = /^HTTP\/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n/

/**
 * Reads the status of an HTTP/1.x answer from what has arrived of it so far (RFC 9112 section 4): its first line alone, nothing behind it.
 * @returns null while that line is not complete
 */
export function readStatus(sofar: string): number | 'malformed' | null {
  const start = sofar.slice(0, MAX_STATUS_LINE)
  const status = STATUS_LINE.exec(start)?.[1]
  if (status !== undefined) return Number(status)
  if (start.includes('\n') || start.length === MAX_STATUS_LINE) return 'malformed'
  // Another protocol is told at once, not when its sender has had enough.
  return PROTOCOL.startsWith(start.slice(0, PROTOCOL.length)) ? null : 'malformed'
}
