import { randomInt } from 'node:crypto'
import { encode, type Opt, RECURSION_DESIRED } from 'dns-packet'
import type { DnsAsk } from './probe.ts'

/** RFC 5001 section 2.1. */
export const NSID = 3
export const HEADER_OCTETS = 12
const IDS = 65_536

/** A query ready to be sent. */
export type Query = {
  /** The whole DNS message, without the length prefix of TCP. */
  message: Buffer
  /** The question section is `message.subarray(HEADER_OCTETS, questionEnd)`. */
  questionEnd: number
}

/** An agent asks the same few questions for ever; the names of some are random, so old ones are forgotten. */
const encoded = new Map<string, Query>()
const MOST_ENCODED = 64

/**
 * Encodes one query with a random id (RFC 5452 section 4.3) and RD set.
 * @throws if the name cannot be written: a label of more than 63 octets or a name of more than 255 (RFC 1035 section 2.3.4)
 */
export function encodeQuery({ question, edns }: Pick<DnsAsk, 'question' | 'edns'>): Query {
  const { name, type, class: klass } = question
  const key = `${name} ${type} ${klass} ${edns?.udpPayloadSize} ${edns?.nsid}`
  const known = encoded.get(key) ?? remember(key, withoutId(question, edns))
  const message = Buffer.from(known.message)
  message.writeUInt16BE(randomInt(IDS), 0)
  return { message, questionEnd: known.questionEnd }
}

function remember(key: string, query: Query): Query {
  if (encoded.size >= MOST_ENCODED) encoded.clear()
  encoded.set(key, query)
  return query
}

function withoutId(question: DnsAsk['question'], edns: DnsAsk['edns']): Query {
  const nameOctets = checkedNameOctets(question.name)
  const message = encode({
    id: 0,
    type: 'query',
    flags: RECURSION_DESIRED,
    questions: [question],
    additionals: edns ? [optOf(edns)] : [],
  })
  return { message, questionEnd: HEADER_OCTETS + nameOctets + 4 }
}

/** dns-packet writes longer labels as pointers, without a word. */
function checkedNameOctets(name: string): number {
  const octets = name === '' ? 1 : Buffer.byteLength(name) + 2
  const wrong = name !== '' && name.split('.').some((label) => label === '' || Buffer.byteLength(label) > 63)
  if (wrong || octets > 255) throw new TypeError(`not a name that DNS can carry: ${name}`)
  return octets
}

const optOf = ({ udpPayloadSize, nsid }: NonNullable<DnsAsk['edns']>): Opt => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  options: nsid ? [{ code: NSID, data: Buffer.alloc(0) }] : [],
})
