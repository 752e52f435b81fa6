import type { Observation } from '@oddnode/protocol'
import type { Steps } from './names.ts'
import { HEADER_OCTETS, NSID, type Query } from './query.ts'
import { rdataText } from './rdata.ts'
import { type ResourceRecord, readSections } from './sections.ts'

/**
 * What is read at most. dns-packet decodes a whole message or nothing and follows each pointer of each name, so its time grows with
 * the square of the size: hostile replies take it 165 ms at 64 kB, and at 4 kB still 6 ms. Hence only records that are reported
 * are decoded, and the names of one message may take so many steps together. Caps for what an honest server sends: a thousand
 * addresses of a headless Service.
 */
export const MAX_REPLY_OCTETS = 16_640
export const MAX_REPLY_RECORDS = 1_024
const MAX_NAME_STEPS = 4_096
const OPT = 41
const MAX_NSID = 128

const QR = 0x8000
const OPCODE = 0x7800
const TC = 0x0200
const FORMERR = 1
const SERVFAIL = 2
const NOTIMP = 4
const REFUSED = 5
/** What a server says that did not look at the question, or did not get so far. */
const WITHOUT_QUESTION: readonly number[] = [FORMERR, SERVFAIL, NOTIMP, REFUSED]

/** A reply to our query, read. */
export type Reply = Pick<
  Observation,
  'rcode' | 'size' | 'flags' | 'ttl' | 'answers' | 'nsid' | 'echoed' | 'records'
> & { outcome: 'answered' | 'truncated' }

/** A message that does not answer our query, and why. */
export type Rejection = { outcome: 'mismatch' | 'malformed'; error: string }

/**
 * Reads one DNS message as the reply to a query. Never throws, and takes less than 5 ms for any input: counts and size are judged
 * first, then id and question, and only what passes is read on.
 */
export function readReply(query: Query, message: Buffer): Reply | Rejection {
  if (message.length < HEADER_OCTETS) return malformed(`${message.length} octets`)
  const flags = message.readUInt16BE(2)
  const foreign = foreignHeader(query, message, flags)
  if (foreign) return mismatch(foreign)
  const records = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10)
  if (message.length > MAX_REPLY_OCTETS) return malformed(`${message.length} octets`)
  if (records > MAX_REPLY_RECORDS) return malformed(`${records} records`)
  const question = questionEcho(query, message)
  if (question === 'other') return mismatch('another question')
  const echoed = question === 'none' ? null : question === 'exact'
  const header = { size: message.length, flags, echoed, records }
  // What a truncated reply holds may end anywhere (RFC 2181 section 9): its header is all that is read.
  if (flags & TC) return { outcome: 'truncated', ...header, rcode: flags & 0xf, ttl: null, answers: [], nsid: null }
  const body = bodyOf(message, question === 'none' ? HEADER_OCTETS : query.questionEnd)
  return typeof body === 'string' ? malformed(body) : { outcome: 'answered', ...header, ...body }
}

const malformed = (error: string): Rejection => ({ outcome: 'malformed', error })
const mismatch = (error: string): Rejection => ({ outcome: 'mismatch', error })

/** Is it a reply, and to this id? */
function foreignHeader({ message: query }: Query, message: Buffer, flags: number): string | null {
  if (message.readUInt16BE(0) !== query.readUInt16BE(0)) return 'another id'
  if (!(flags & QR)) return 'a query'
  return flags & OPCODE ? `opcode ${(flags & OPCODE) >> 11}` : null
}

/**
 * Compares the question section octet by octet. Names match in any case (RFC 4343 section 3), type and class exactly.
 * A server that does not understand a query may leave the question out (RFC 6891 section 7), and Unbound's access list answers REFUSED
 * with a header alone.
 */
function questionEcho(
  { message: query, questionEnd }: Query,
  message: Buffer,
): 'exact' | 'any-case' | 'none' | 'other' {
  const questions = message.readUInt16BE(4)
  const rcode = message.readUInt16BE(2) & 0xf
  if (questions === 0 && WITHOUT_QUESTION.includes(rcode)) return 'none'
  if (questions !== 1 || message.length < questionEnd) return 'other'
  if (query.compare(message, HEADER_OCTETS, questionEnd, HEADER_OCTETS, questionEnd) === 0) return 'exact'
  const nameEnd = questionEnd - 4
  if (query.compare(message, nameEnd, questionEnd, nameEnd, questionEnd) !== 0) return 'other'
  return lowerCase(query, nameEnd) === lowerCase(message, nameEnd) ? 'any-case' : 'other'
}

/** Length octets are below 64, so lower-casing letters cannot touch them. */
const lowerCase = (message: Buffer, end: number) =>
  message.toString('latin1', HEADER_OCTETS, end).replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** @returns what the records say, or what is wrong with one */
function bodyOf(message: Buffer, start: number): Pick<Reply, 'rcode' | 'ttl' | 'answers' | 'nsid'> | string {
  const sections = readSections(message, start)
  if (sections === null) return 'a record is cut'
  const answers = textsOf(message, sections.answers)
  if (typeof answers === 'string') return answers
  const opt = sections.additionals.find(({ type }) => type === OPT)
  return {
    rcode: (opt ? (opt.ttl >>> 24) << 4 : 0) | (message.readUInt16BE(2) & 0xf),
    ttl: leastTtl(sections.answers),
    answers,
    nsid: opt ? nsidOf(message, opt) : null,
  }
}

function leastTtl(records: readonly ResourceRecord[]): number | null {
  let least: number | null = null
  for (const { ttl } of records) least = Math.min(least ?? ttl, ttl)
  return least
}

function textsOf(message: Buffer, records: readonly ResourceRecord[]): string[] | string {
  const texts: string[] = []
  const steps: Steps = { left: MAX_NAME_STEPS }
  for (const resource of records) {
    const text = rdataText(message, resource, steps)
    if (text === null) return `RDATA of type ${resource.type}`
    texts.push(text)
  }
  return texts.length > 1 ? [...new Set(texts)].sort() : texts
}

/** RFC 5001 section 2.3: the content is opaque. Empty, it is the echo of our question. */
function nsidOf(message: Buffer, opt: ResourceRecord): string | null {
  const octets = optionOf(message, opt, NSID)
  if (!octets || octets.length === 0) return null
  const text = octets.toString('latin1')
  return (/^[ -~]*$/.test(text) ? text : octets.toString('hex')).slice(0, MAX_NSID)
}

/** Each option is a code, a length and its octets (RFC 6891 section 6.1.2). */
function optionOf(message: Buffer, { at: start, end }: ResourceRecord, code: number): Buffer | null {
  let at = start
  while (at + 4 <= end) {
    const next = at + 4 + message.readUInt16BE(at + 2)
    if (next > end) return null
    if (message.readUInt16BE(at) === code) return message.subarray(at + 4, next)
    at = next
  }
  return null
}
