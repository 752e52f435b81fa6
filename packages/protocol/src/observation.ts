import type { Outcome, SocketKind } from './closed-sets.ts'

/**
 * What one probe saw in one round. A measured failure is a value of `outcome`, never a throw.
 */
export type Observation = {
  outcome: Outcome
  /** RCODE of the answer, 0 … 4095 with EDNS (RFC 6891 section 6.1.3); null unless there was an answer that could be read. */
  rcode: number | null
  /** Seconds from the send to the accepted answer, on a monotonic clock; for TCP from the query's write. Null without an answer. */
  seconds: number | null
  /** TCP: seconds that connect took; null over UDP or where it did not connect. */
  connectSeconds: number | null
  /** Octets of the DNS message; null without an answer. */
  size: number | null
  /** The second 16 bits of the DNS header (QR, opcode, AA, TC, RD, RA, AD, CD, RCODE; RFC 1035 section 4.1.1). */
  flags: number | null
  /** The smallest TTL of the answer section in seconds; null if it is empty. */
  ttl: number | null
  /** RDATA of the answer section as text, sorted, without duplicates. */
  answers: readonly string[]
  /** Null for TCP. */
  socket: SocketKind | null
  /** Who answered: set when it is not the address and port that were asked. */
  source: string | null
  /** The name server identifier that the server sent (RFC 5001), as text or hexadecimal; null without one. */
  nsid: string | null
  /** The question section came back with exactly the case that was sent; null without an answer. */
  echoed: boolean | null
  /** Records in the answer, authority and additional sections, as the header counts them. */
  records: number | null
  /** The first error in words (`ECONNREFUSED`, `2 questions`), null where there is none. */
  error: string | null
}
