import { decode } from 'dns-packet'
import t from 'tap'
import type { WireQuestion } from '../src/probe.ts'
import { encodeQuery, HEADER_OCTETS } from '../src/query.ts'

const question: WireQuestion = { name: 'Kubernetes.default.svc.cluster.local', type: 'A', class: 'IN' }

t.test('the wire carries exactly the name asked, in its case, with RD and nothing else', async (t) => {
  const { message, questionEnd } = encodeQuery({ question })
  const { questions, additionals, answers, flags, type } = decode(message)
  t.match(questions, [question])
  t.strictSame([answers.length, additionals.length, flags, type], [0, 0, 0x0100, 'query'])
  t.equal(questionEnd, message.length, 'the question ends where the message does')
  t.equal(message.subarray(HEADER_OCTETS, questionEnd).length, question.name.length + 2 + 4)
})

t.test('EDNS: the size and NSID as asked, octet by octet', async (t) => {
  const { message, questionEnd } = encodeQuery({ question, edns: { udpPayloadSize: 1232, nsid: true } })
  // Root, type 41, size 1232, no extended RCODE, version 0, no flags, 4 octets of options: NSID, empty (RFC 6891, RFC 5001).
  t.equal(message.subarray(questionEnd).toString('hex'), '00002904d00000000000040003' + '0000')
  const plain = encodeQuery({ question, edns: { udpPayloadSize: 4096, nsid: false } })
  t.equal(plain.message.subarray(plain.questionEnd).toString('hex'), '0000291000000000000000')
})

t.test('the root and class CH', async (t) => {
  const root = encodeQuery({ question: { name: '', type: 'SOA', class: 'IN' } })
  t.equal(root.message.subarray(HEADER_OCTETS, root.questionEnd).toString('hex'), '0000060001')
  const chaos = encodeQuery({ question: { name: 'id.server', type: 'TXT', class: 'CH' } })
  t.equal(chaos.message.subarray(-4).toString('hex'), '00100003')
})

t.test(
  'a question that was asked before is encoded afresh: what is done to one query does not show in the next',
  async (t) => {
    const first = encodeQuery({ question })
    first.message.fill(0xff)
    for (let i = 0; i < 100; i++) encodeQuery({ question: { ...question, name: `other-${i}.test` } })
    const { message } = encodeQuery({ question })
    t.match(decode(message).questions, [question])
    const withEdns = encodeQuery({ question, edns: { udpPayloadSize: 1232, nsid: false } })
    t.equal(decode(withEdns.message).additionals.length, 1)
    t.equal(decode(encodeQuery({ question }).message).additionals.length, 0)
  },
)

t.test('trap 19: ids are random', async (t) => {
  const ids = new Set(Array.from({ length: 1_000 }, () => encodeQuery({ question }).message.readUInt16BE(0)))
  t.ok(ids.size > 950, `${ids.size} different ids in 1000`)
})

t.test('a name that DNS cannot carry is a programming error', async (t) => {
  for (const name of ['a..b', `${'x'.repeat(64)}.test`, `${'label.'.repeat(43)}test`, '.']) {
    t.throws(() => encodeQuery({ question: { ...question, name } }), TypeError, name)
  }
  t.doesNotThrow(() => encodeQuery({ question: { ...question, name: 'x'.repeat(63) } }))
})
