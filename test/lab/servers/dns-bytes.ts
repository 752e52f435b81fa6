// Just enough of a DNS message (RFC 1035 section 4.1) to tell queries apart and to answer them in ways that no honest server does.

const HEADER_OCTETS = 12
const TC = 0x02
const QR_AA = 0x84
const RA = 0x80

export const rcodes = { FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const

/** The name that is asked, in lower case without its final dot; '' for the root and for what cannot be read. */
export function nameAsked(query: Buffer): string {
  const labels: string[] = []
  for (let at = HEADER_OCTETS; ; ) {
    const length = query[at] ?? 0
    if (length === 0) return labels.join('.').toLowerCase()
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
}

/** A query carries one record besides its question: OPT (RFC 6891), or nothing. */
export const hasEdns = (query: Buffer): boolean => query.readUInt16BE(10) > 0

/** A query's header and question, as an answer without records. */
export function emptyAnswer(query: Buffer, rcode: number): Buffer {
  const answer = Buffer.from(query.subarray(0, endOfQuestion(query)))
  answer[2] = QR_AA | ((query[2] ?? 0) & 0x01)
  answer[3] = RA | rcode
  answer.fill(0, 6, HEADER_OCTETS)
  return answer
}

/** The same with one address, whatever was asked. */
export function addressAnswer(query: Buffer, address: string): Buffer {
  const answer = emptyAnswer(query, 0)
  answer.writeUInt16BE(1, 6)
  const record = Buffer.from([0xc0, HEADER_OCTETS, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)])
  return Buffer.concat([answer, record])
}

/** The answer says that it is whole. */
export function withoutTruncation(answer: Buffer): Buffer {
  const changed = Buffer.from(answer)
  changed[2] = (answer[2] ?? 0) & ~TC
  return changed
}

/** Its first record has this TTL. */
export function withTtl(answer: Buffer, seconds: number): Buffer {
  const changed = Buffer.from(answer)
  // Its name is a pointer to the question's; TYPE and CLASS come before the TTL.
  if (answer.readUInt16BE(6) > 0) changed.writeUInt32BE(seconds, endOfQuestion(answer) + 6)
  return changed
}

/** The question comes back in lower case. */
export function withLowerCase(answer: Buffer): Buffer {
  const changed = Buffer.from(answer)
  for (let at = HEADER_OCTETS; at < endOfQuestion(answer) - 4; at++) {
    const octet = answer[at] ?? 0
    if (octet >= 0x41 && octet <= 0x5a) changed[at] = octet + 0x20
  }
  return changed
}

function endOfQuestion(message: Buffer): number {
  let at = HEADER_OCTETS
  while ((message[at] ?? 0) !== 0) at += 1 + (message[at] ?? 0)
  return at + 1 + 4
}
