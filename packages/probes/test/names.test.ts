import { encode } from 'dns-packet'
import fc from 'fast-check'
import t from 'tap'
import { nameEnd, readName } from '../src/names.ts'

const read = (octets: number[] | Buffer, start = 0, left = 100) => readName(Buffer.from(octets), start, { left })
const cluster = [7, ...Buffer.from('cluster'), 5, ...Buffer.from('local'), 0]

t.test('labels, the root, and a pointer back', async (t) => {
  t.equal(read(cluster), 'cluster.local')
  t.equal(read([0]), '')
  t.equal(read([...cluster, 2, 0x6e, 0x73, 0xc0, 0], 15), 'ns.cluster.local')
  t.equal(read([...cluster, 0xc0, 8], 15), 'local')
})

t.test('octets that are no hostname stay apart from those that are', async (t) => {
  t.equal(read([3, 0x61, 0x2e, 0x62, 0]), 'a\\.b')
  t.equal(read([2, 0x0a, 0xff, 0]), '\\010\\255')
})

t.test('looping, forward, cut, too long or of an unknown kind: none', async (t) => {
  t.equal(read([0xc0, 0]), null, 'to itself')
  t.equal(read([1, 0x61, 0xc0, 0], 2), null, 'pointer to a name that ends in that pointer')
  t.equal(read([0xc0, 2, 0]), null, 'forward')
  t.equal(read([5, 0x61]), null, 'label cut')
  t.equal(read([1, 0x61]), null, 'no end')
  t.equal(read([0xc0]), null, 'pointer cut')
  t.equal(read([0x41, 0, 0]), null, 'unknown label')
  t.equal(read([...Array.from({ length: 128 }, () => [1, 0x61]).flat(), 0], 0, 1_000), null, '257 octets')
  t.equal(read([...Array.from({ length: 127 }, () => [1, 0x61]).flat(), 0], 0, 1_000)?.length, 253)
})

t.test('the steps of a message are spent by all of its names', async (t) => {
  const steps = { left: 20 }
  const message = Buffer.from(cluster)
  t.equal(readName(message, 0, steps), 'cluster.local')
  t.equal(steps.left, 20 - 3 - 'cluster'.length - 'local'.length, 'one for each label, and for each octet')
  t.equal(readName(message, 0, steps), null)
})

t.test('where a name ends, its pointers not followed', async (t) => {
  const end = (octets: number[], start = 0) => nameEnd(Buffer.from(octets), start)
  t.equal(end(cluster), 15)
  t.equal(end([1, 0x61, 0xc0, 0xff, 9]), 4)
  t.equal(end([0]), 1)
  t.strictSame([end([]), end([0xc0]), end([3, 0x61]), end([0x80, 0])], [null, null, null, null])
})

t.test('what dns-packet writes is read back', async (t) => {
  const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
        const name = labels.join('.')
        const message = encode({ questions: [{ name, type: 'A', class: 'IN' }] })
        return readName(message, 12, { left: 100 }) === name && nameEnd(message, 12) === message.length - 4
      }),
    ),
  )
})
