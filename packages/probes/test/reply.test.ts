import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encode } from 'dns-packet'
import fc from 'fast-check'
import t from 'tap'
import { encodeQuery } from '../src/query.ts'
import { MAX_REPLY_OCTETS, MAX_REPLY_RECORDS, readReply } from '../src/reply.ts'
import {
  answerTo,
  claimedRecords,
  loopingPointer,
  patched,
  pointerFlood,
  pointerRecord,
  rawReply,
} from './dns-server.ts'

const question = { name: 'kubernetes.default.svc.cluster.local', type: 'A', class: 'IN' } as const
const query = encodeQuery({ question, edns: { udpPayloadSize: 1232, nsid: true } })
const plain = encodeQuery({ question }).message
const opt = (options: { code: number; data: Buffer }[], extendedRcode = 0) => ({
  additionals: [
    { type: 'OPT' as const, name: '.', udpPayloadSize: 1232, extendedRcode, ednsVersion: 0, flags: 0, options },
  ],
})

t.test('an answer, read', async (t) => {
  const message = answerTo(query.message, { rdata: ['10.96.0.1'], ttl: 5 })
  t.strictSame(readReply(query, message), {
    outcome: 'answered',
    size: message.length,
    flags: 0x8180,
    echoed: true,
    records: 1,
    rcode: 0,
    ttl: 5,
    answers: ['10.96.0.1'],
    nsid: null,
  })
})

t.test('trap 10: the answer set is sorted, without duplicates, and its ttl the smallest', async (t) => {
  const set = ['192.0.2.3', '192.0.2.1', '192.0.2.2']
  const rotations = [set, [...set].reverse(), [...set, ...set]]
  for (const rdata of rotations) {
    t.match(readReply(query, answerTo(query.message, { rdata })), { answers: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] })
  }
  const [name, type] = [question.name, 'A']
  const answers = [60, 7, 30].map((ttl, i) => ({ name, type, class: 'IN', ttl, data: `192.0.2.${i}` }))
  const message = encode({ id: query.message.readUInt16BE(0), type: 'response', questions: [question], answers })
  t.match(readReply(query, message), { ttl: 7, records: 3 })
})

t.test('NXDOMAIN, SERVFAIL, REFUSED and extended RCODEs are answers', async (t) => {
  for (const rcode of [2, 3, 5]) {
    t.match(readReply(query, answerTo(query.message, { rcode, rdata: [] })), { outcome: 'answered', rcode, ttl: null })
  }
  const badVersion = answerTo(query.message, { rdata: [], ...opt([], 1) })
  t.match(readReply(query, badVersion), { outcome: 'answered', rcode: 16 })
})

t.test('trap 1: NSID says who answered: text, hexadecimal where it is none, nothing where it is an echo', async (t) => {
  const nsidOf = (data: Buffer) => readReply(query, answerTo(query.message, opt([{ code: 3, data }])))
  t.match(nsidOf(Buffer.from('coredns-7d-x2x')), { nsid: 'coredns-7d-x2x' })
  t.match(nsidOf(Buffer.from([0xde, 0xad, 10])), { nsid: 'dead0a' })
  t.match(nsidOf(Buffer.alloc(0)), { nsid: null })
  t.match(nsidOf(Buffer.alloc(1_000, 0x61)), { nsid: 'a'.repeat(128) })
  const cut = answerTo(query.message, opt([{ code: 3, data: Buffer.from('x') }]))
  t.match(
    readReply(query, patched(cut, cut.length - 3, 9)),
    { outcome: 'answered', nsid: null },
    'an option that is cut',
  )
  t.match(readReply(query, answerTo(query.message, opt([{ code: 10, data: Buffer.alloc(8) }]))), { nsid: null })
})

t.test('trap 20: TC is truncated, whatever follows the question', async (t) => {
  const whole = answerTo(query.message, { flags: 0x0380, rdata: ['192.0.2.1', '192.0.2.2'] })
  const expected = { outcome: 'truncated', rcode: 0, answers: [], ttl: null, records: 2 }
  t.match(readReply(query, whole), expected)
  t.match(readReply(query, whole.subarray(0, whole.length - 5)), expected, 'cut within a record')
})

t.test('trap 19: another id, another question, a query: mismatch', async (t) => {
  const right = answerTo(query.message)
  const other = (part: object) =>
    readReply(query, encode({ id: right.readUInt16BE(0), type: 'response', questions: [{ ...question, ...part }] }))
  const mismatch = (error: string) => ({ outcome: 'mismatch', error })
  t.strictSame(readReply(query, patched(right, 0, right.readUInt16BE(0) ^ 1)), mismatch('another id'))
  t.strictSame(other({ name: 'kubernetes.default.svc.cluster.loca1' }), mismatch('another question'))
  t.strictSame(other({ name: 'kubernetes' }), mismatch('another question'))
  t.strictSame(other({ type: 'AAAA' }), mismatch('another question'))
  t.strictSame(other({ class: 'CH' }), mismatch('another question'))
  t.strictSame(readReply(query, query.message), mismatch('a query'))
  t.strictSame(readReply(query, patched(right, 2, 0xa800)), mismatch('opcode 5'))
  t.strictSame(readReply(query, patched(right, 4, 2)), mismatch('another question'))
})

t.test('the question matches in any case, and it is said whether it came back exactly', async (t) => {
  const echo = (name: string) =>
    encode({ id: query.message.readUInt16BE(0), type: 'response', questions: [{ ...question, name }] })
  t.match(readReply(query, echo(question.name)), { outcome: 'answered', echoed: true })
  t.match(readReply(query, echo(question.name.toUpperCase())), { outcome: 'answered', echoed: false })
  // `[` and `{` differ in the same bit as `K` and `k` (RFC 4343 section 3).
  const bracket = encodeQuery({ question: { ...question, name: '[.test' } })
  const brace = encode({
    id: bracket.message.readUInt16BE(0),
    type: 'response',
    questions: [{ ...question, name: '{.test' }],
  })
  t.match(readReply(bracket, brace), { outcome: 'mismatch' })
})

t.test('a server that did not look at the question may leave it out', async (t) => {
  const header = (rcode: number) =>
    encode({ id: query.message.readUInt16BE(0), type: 'response', flags: rcode, questions: [] })
  t.match(readReply(query, header(1)), { outcome: 'answered', rcode: 1, echoed: null })
  for (const rcode of [2, 4, 5]) t.match(readReply(query, header(rcode)), { outcome: 'answered', rcode })
  for (const rcode of [0, 3]) t.match(readReply(query, header(rcode)), { outcome: 'mismatch' }, 'it needs its question')
})

t.test('malformed: short, cut, looping, or more than we decode', async (t) => {
  const right = answerTo(query.message)
  const malformed = (message: Buffer, error: string | RegExp) =>
    t.match(readReply(query, message), { outcome: 'malformed', error })
  malformed(Buffer.alloc(0), '0 octets')
  malformed(right.subarray(0, 11), '11 octets')
  malformed(right.subarray(0, right.length - 1), /./)
  malformed(loopingPointer(query.message), 'RDATA of type 5')
  malformed(claimedRecords(query.message), '65535 records')
  malformed(pointerFlood(query.message), /octets$/)
  const records = (count: number) => Buffer.concat(Array.from({ length: count }, () => pointerRecord(12)))
  malformed(rawReply(query.message, [1_000, 20, 5], records(1_025)), `${MAX_REPLY_RECORDS + 1} records`)
  malformed(rawReply(query.message, [1, 0, 0], Buffer.alloc(MAX_REPLY_OCTETS)), /octets$/)
  t.match(readReply(query, rawReply(plain, [1_000, 0, 0], records(1_000))), { outcome: 'mismatch' }, 'of another query')
  t.match(readReply(query, patched(rawReply(plain, [1_000, 0, 0], records(1_000)), 0, query.message.readUInt16BE(0))), {
    outcome: 'answered',
    records: 1_000,
    answers: ['192.0.2.1'],
  })
})

/** The flags of V8 that the image of the agent starts with: without the optimising compilers all takes longer. */
function flagsOfImage(): string[] {
  const file = readFileSync(join(import.meta.dirname, '../../../Dockerfile.agent'), 'utf8')
  const start = file.slice(file.indexOf('ENTRYPOINT'))
  return start.match(/"--[^"]+"/g)?.map((flag) => JSON.parse(flag)) ?? []
}

t.test('no reply takes 5 ms of CPU, nor with the flags of the image', async (t) => {
  const program = join(import.meta.dirname, 'hostile-cost.ts')
  const flags = flagsOfImage()
  t.ok(flags.includes('--no-opt'))
  for (const some of [[], flags]) {
    const { stdout } = await promisify(execFile)(process.execPath, [...some, ...process.execArgv, program])
    for (const [name, milliseconds] of Object.entries<number>(JSON.parse(stdout)))
      t.ok(milliseconds < 5, `${name}: ${milliseconds} ms`)
  }
})

t.test('whatever comes, it is read without a throw and in bounded text', async (t) => {
  const right = answerTo(query.message, {
    rdata: ['192.0.2.1', '192.0.2.2'],
    ...opt([{ code: 3, data: Buffer.from('x') }]),
  })
  const change = fc.tuple(fc.nat(right.length - 1), fc.nat(255))
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat(right.length), (changes, length) => {
        const message = Buffer.from(right)
        for (const [at, octet] of changes) message[at] = octet
        const reading = readReply(query, message.subarray(0, length))
        if ('error' in reading) return reading.error.length < 200
        return reading.answers.every((answer) => answer.length <= 512)
      }),
      { numRuns: 2_000 },
    ),
  )
})
