// Reads mutated, made-up and random DNS replies: no throw, no case above 5 ms of CPU, no memory that grows, bounded harmless text.
// node --conditions=@oddnode/source test/fuzz/dns.ts [cases] [seed]
import fc from 'fast-check'
import { encodeQuery, type Query } from '../../packages/probes/src/query.ts'
import { MAX_REPLY_OCTETS, MAX_REPLY_RECORDS, readReply } from '../../packages/probes/src/reply.ts'
import { hostileReplies } from '../../packages/probes/test/hostile-replies.ts'
import { type Captured, replies } from './dns-replies.ts'
import { fuzz } from './run.ts'

type Case = { query: Query; message: Buffer }

const queries = replies.map((captured) => queryOf(captured))
const hostileOf = queries.map(({ message }) => hostileReplies(message, MAX_REPLY_OCTETS))
const which = fc.nat(replies.length - 1)
const octet = fc.nat(255)
const short = fc.uint8Array({ maxLength: 64 })

const edits = fc.array(fc.record({ at: fc.nat(512), cut: fc.nat(3), put: fc.uint8Array({ maxLength: 4 }) }), {
  minLength: 1,
  maxLength: 6,
})
/** A real reply with octets cut out or put in. */
const mutated = fc.tuple(which, edits).map(([i, list]) => {
  let message = replies[i]?.reply ?? Buffer.alloc(0)
  for (const { at, cut, put } of list) {
    const start = at % (message.length + 1)
    message = Buffer.concat([message.subarray(0, start), put, message.subarray(start + cut)])
  }
  return caseOf(i, message)
})

/** One octet of a real reply changed: what a broken network or program does. */
const flipped = fc.tuple(which, fc.nat(512), octet).map(([i, at, value]) => {
  const message = Buffer.from(replies[i]?.reply ?? [])
  message[at % message.length] = value
  return caseOf(i, message)
})

/** The right header and question, then records with a name, a type, a length and octets that need not fit together. */
const resource = fc
  .record({
    name: fc.oneof(fc.constant([0]), fc.tuple(fc.integer({ min: 0xc0, max: 0xff }), octet), short),
    type: fc.oneof(fc.constantFrom(1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 46, 47, 50, 257), fc.nat(0xffff)),
    length: fc.option(fc.nat(0xffff), { freq: 3 }),
    rdata: short,
  })
  .map(({ name, type, length, rdata }) => {
    const head = Buffer.alloc(10)
    head.writeUInt16BE(type, 0)
    head.writeUInt16BE(1, 2)
    head.writeUInt16BE(length ?? rdata.length, 8)
    return Buffer.concat([Buffer.from(name), head, rdata])
  })
const count = fc.oneof(fc.nat(8), fc.nat(0xffff))
const made = fc
  .tuple(which, fc.array(resource, { maxLength: 12 }), fc.tuple(count, count, count), fc.nat(20))
  .map(([i, records, counts, repeated]) => {
    const query = queries[i] as Query
    const head = Buffer.from(query.message.subarray(0, query.questionEnd))
    head.writeUInt16BE(0x8180, 2)
    for (const [at, number] of counts.entries()) head.writeUInt16BE(number, 6 + 2 * at)
    const body = Buffer.concat(records)
    return caseOf(i, Buffer.concat([head, ...Array.from({ length: repeated + 1 }, () => body)]).subarray(0, 0xffff))
  })

/** Made to take long, with one octet changed. */
const hostile = fc.tuple(which, fc.nat(7), fc.nat(MAX_REPLY_OCTETS), octet).map(([i, kind, at, value]) => {
  const message = Buffer.from(Object.values(hostileOf[i] ?? {})[kind] ?? [])
  message[at % message.length] = value
  return caseOf(i, message)
})

const random = fc.tuple(which, fc.uint8Array({ maxLength: 600 })).map(([i, octets]) => caseOf(i, Buffer.from(octets)))

const anyCase = fc.oneof(
  { weight: 3, arbitrary: mutated },
  { weight: 2, arbitrary: flipped },
  { weight: 3, arbitrary: made },
  hostile,
  random,
)

fuzz({ name: 'dns', inputs: anyCase, holds: isWellRead })

function queryOf({ name, type, class: klass, reply }: Captured): Query {
  const query = encodeQuery({ question: { name, type, class: klass }, edns: { udpPayloadSize: 1232, nsid: true } })
  query.message.writeUInt16BE(reply.readUInt16BE(0), 0)
  return query
}

function caseOf(i: number, message: Buffer): Case {
  return { query: queries[i] as Query, message }
}

function isWellRead({ query, message }: Case): boolean {
  const reading = readReply(query, message)
  if ('error' in reading) return reading.error.length < 200
  const texts = reading.nsid === null ? reading.answers : [...reading.answers, reading.nsid]
  const withinCaps = message.length <= MAX_REPLY_OCTETS && texts.length <= MAX_REPLY_RECORDS + 1
  return withinCaps && texts.every((text) => text.length <= 512 && /^[ -~]*$/.test(text))
}
