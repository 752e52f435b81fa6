import t from 'tap'
import type { Reply } from '../src/reply.ts'
import { judged, nearer, type Rejected, rejected } from '../src/verdict.ts'

const reply: Reply = {
  outcome: 'answered',
  rcode: 2,
  size: 40,
  flags: 0x8182,
  ttl: null,
  answers: [],
  nsid: null,
  echoed: true,
  records: 0,
}

t.test('in time it is what it is, afterwards late, and keeps what it said', async (t) => {
  t.match(judged(reply, true, { seconds: 0.1 }), { outcome: 'answered', rcode: 2, seconds: 0.1, socket: null })
  t.match(judged(reply, false, { seconds: 4 }), { outcome: 'late', rcode: 2, seconds: 4 })
  t.match(judged({ ...reply, outcome: 'truncated' }, true, { socket: 'connected' }), { outcome: 'truncated' })
})

t.test('the nearest to the answer is told, the first of its kind', async (t) => {
  const mismatch: Rejected = { outcome: 'mismatch', source: null, error: 'another id' }
  const malformed: Rejected = { outcome: 'malformed', source: null, error: '3 octets' }
  const elsewhere: Rejected = { outcome: 'wrong-source', source: '192.0.2.1:53', error: null }
  t.equal(nearer(null, mismatch), mismatch)
  t.equal(nearer(mismatch, malformed), malformed)
  t.equal(nearer(malformed, mismatch), malformed)
  t.equal(nearer(malformed, elsewhere), elsewhere)
  t.equal(nearer(mismatch, { ...mismatch, error: 'a query' }), mismatch)
})

t.test('the right answer from elsewhere is wrong-source, anything else is what it is', async (t) => {
  t.strictSame(rejected(reply, '192.0.2.1:53'), { outcome: 'wrong-source', source: '192.0.2.1:53', error: null })
  t.strictSame(rejected({ outcome: 'mismatch', error: 'another id' }, '[::2]:53'), {
    outcome: 'mismatch',
    source: '[::2]:53',
    error: 'another id',
  })
})
