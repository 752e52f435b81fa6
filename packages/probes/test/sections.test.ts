import { encode } from 'dns-packet'
import t from 'tap'
import { readSections } from '../src/sections.ts'

const address = (ttl: number) => ({ name: 'a.test', type: 'A', class: 'IN', ttl, data: '192.0.2.1' })
const message = encode({
  type: 'response',
  answers: [address(1), address(2)],
  authorities: [address(3)],
  additionals: [address(4)],
})

t.test('the records of the answer and the additional section, where they lie', async (t) => {
  const { answers, additionals } = readSections(message, 12) ?? { answers: [], additionals: [] }
  t.match(answers, [
    { type: 1, ttl: 1, at: 12 + 18 },
    { type: 1, ttl: 2, at: 12 + 22 + 18 },
  ])
  t.match(additionals, [{ type: 1, ttl: 4 }])
  t.equal(message.toString('hex', answers[0]?.at, answers[0]?.end), 'c0000201')
})

t.test('a record that is cut anywhere, or missing, makes it none', async (t) => {
  for (let length = 12; length < message.length; length++) t.equal(readSections(message.subarray(0, length), 12), null)
  t.strictSame(readSections(Buffer.alloc(12), 12), { answers: [], additionals: [] })
})
