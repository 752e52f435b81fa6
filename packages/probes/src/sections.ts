import { nameEnd } from './names.ts'

/** One record as it lies in its message, its owner name left out. */
export type ResourceRecord = {
  type: number
  /** Seconds; of OPT the extended RCODE, the version and the flags (RFC 6891 section 6.1.3). */
  ttl: number
  /** Where RDATA begins in the message, behind the two octets of RDLENGTH. */
  at: number
  /** Where it ends. */
  end: number
}

export type Sections = { answers: ResourceRecord[]; additionals: ResourceRecord[] }

/** TYPE, CLASS, TTL and RDLENGTH. */
const FIXED_OCTETS = 10

/**
 * Finds the records of a message, without a look at their names and their RDATA: in time linear to its size.
 * @param start where the question section ends
 * @returns null if a record does not end within the message
 */
export function readSections(message: Buffer, start: number): Sections | null {
  const answersEnd = message.readUInt16BE(6)
  const authoritiesEnd = answersEnd + message.readUInt16BE(8)
  const recordsEnd = authoritiesEnd + message.readUInt16BE(10)
  const sections: Sections = { answers: [], additionals: [] }
  let at = start
  for (let i = 0; i < recordsEnd; i++) {
    const record = recordAt(message, at)
    if (record === null) return null
    if (i < answersEnd) sections.answers.push(record)
    else if (i >= authoritiesEnd) sections.additionals.push(record)
    at = record.end
  }
  return sections
}

function recordAt(message: Buffer, start: number): ResourceRecord | null {
  const fixed = nameEnd(message, start)
  if (fixed === null || fixed + FIXED_OCTETS > message.length) return null
  const at = fixed + FIXED_OCTETS
  const end = at + message.readUInt16BE(fixed + 8)
  if (end > message.length) return null
  return { type: message.readUInt16BE(fixed), ttl: message.readUInt32BE(fixed + 4), at, end }
}
