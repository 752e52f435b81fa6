import fc from 'fast-check'
import t from 'tap'
import { messageReader } from '../src/messages.ts'
import { framed } from './dns-server.ts'

function read(chunks: Buffer[], wanted = Number.POSITIVE_INFINITY) {
  const messages: string[] = []
  const lengths: number[] = []
  const onMessage = (message: Buffer) => messages.push(message.toString()) < wanted
  const onChunk = messageReader({ least: 1, most: 100 }, onMessage, (octets) => lengths.push(octets))
  for (const chunk of chunks) onChunk(chunk)
  return { messages, lengths }
}

t.test('split and joined anywhere, the messages are the same', async (t) => {
  const stream = fc.array(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), { maxLength: 6 })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(stream, fc.array(fc.nat(160), { maxLength: 10 }), (messages, cuts) => {
        const whole = Buffer.concat(messages.map((message) => framed(Buffer.from(message))))
        const edges = [0, ...cuts.sort((a, b) => a - b).map((cut) => Math.min(cut, whole.length)), whole.length]
        const chunks = edges.slice(1).map((edge, i) => whole.subarray(edges[i], edge))
        const got = read(chunks)
        return got.lengths.length === 0 && JSON.stringify(got.messages) === JSON.stringify(messages)
      }),
    ),
  )
})

t.test('octet by octet', async (t) => {
  const octets = [...framed(Buffer.from('answer'))].map((octet) => Buffer.from([octet]))
  t.strictSame(read(octets), { messages: ['answer'], lengths: [] })
})

t.test('a length outside the limits ends it, before a single octet is held', async (t) => {
  const good = framed(Buffer.from('good'))
  t.strictSame(read([good, Buffer.from([0xff, 0xff]), good]), { messages: ['good'], lengths: [65_535] })
  t.strictSame(read([Buffer.from([0, 0]), good]), { messages: [], lengths: [0] })
})

t.test('no more than is wanted is read', async (t) => {
  const two = Buffer.concat([framed(Buffer.from('one')), framed(Buffer.from('two'))])
  t.strictSame(read([two, two], 1), { messages: ['one'], lengths: [] })
})

t.test('memory of a chunk may be used again', async (t) => {
  const [first, second] = [Buffer.from([0, 3, 0x61]), Buffer.from('bc')]
  const messages: string[] = []
  const onMessage = (message: Buffer) => messages.push(message.toString()) > 0
  const onChunk = messageReader({ least: 1, most: 9 }, onMessage, () => t.fail())
  onChunk(first)
  first.fill(0)
  onChunk(second)
  t.strictSame(messages, ['abc'])
})
