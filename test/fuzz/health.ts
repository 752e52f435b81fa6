// Feeds random and mutated HTTP answers to the reader of a health page, whole and in pieces: the same status however they are cut.
// node --conditions=@oddnode/source test/fuzz/health.ts [cases] [seed]
import fc from 'fast-check'
import { readStatus } from '../../packages/probes/src/http-status.ts'
import { fuzz } from './run.ts'

const good = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK'
const edits = fc.array(
  fc.record({ at: fc.nat(60), cut: fc.nat(3), put: fc.string({ unit: 'binary', maxLength: 4 }) }),
  {
    minLength: 1,
    maxLength: 6,
  },
)
const mutated = edits.map((list) =>
  list.reduce((text, { at, cut, put }) => {
    const start = at % (text.length + 1)
    return text.slice(0, start) + put + text.slice(start + cut)
  }, good),
)
const random = fc.uint8Array({ maxLength: 1500 }).map((octets) => Buffer.from(octets).toString('latin1'))
const long = fc.nat(2000).map((length) => `HTTP/1.1 200 ${' '.repeat(length)}\r\n`)
const inputs = fc.record({ text: fc.oneof(mutated, random, long), cuts: fc.array(fc.nat(1000), { maxLength: 8 }) })

fuzz({ name: 'health', inputs, holds: ({ text, cuts }) => isStatus(readStatus(text)) && inPieces(text, cuts) })

function isStatus(read: ReturnType<typeof readStatus>): boolean {
  return read === null || read === 'malformed' || (Number.isInteger(read) && read >= 100 && read <= 599)
}

/** What is decided of the beginning is never decided otherwise of more. */
function inPieces(text: string, cuts: readonly number[]): boolean {
  const lengths = [...cuts, text.length].toSorted((a, b) => a - b)
  const reads = lengths.map((length) => readStatus(text.slice(0, length))).filter((read) => read !== null)
  return new Set(reads).size <= 1
}
