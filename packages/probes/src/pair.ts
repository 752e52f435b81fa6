import { type Observation, observationOf } from '@oddnode/protocol'
import { type DatagramHandler, exchangeDatagrams } from './datagrams.ts'
import type { DnsAsk, Probe } from './probe.ts'
import { encodeQuery, type Query } from './query.ts'
import { type Reply, readReply } from './reply.ts'
import { judged, nearer, type Rejected, rejected } from './verdict.ts'

type Half = { reply: Reply; seconds: number }
type Seen = { a: Half | null; aaaa: Half | null; instead: Rejected | null }

/**
 * Asks for A and AAAA of a name back to back from one connected UDP socket, as glibc does: connection tracking may lose one of two
 * packets that start a flow together.
 *
 * Both answers: `answered` in the time of the later one. One: `partial`. `answers` holds what both said, `rcode` is that of the A answer, or
 * where that is NOERROR of the AAAA answer: musl fails a name of which either half is an error. All else is of the A answer, or of the one
 * that came.
 * @param ask of its question only the name counts; the socket is always a connected one
 * @throws TypeError for an address that is none and a name that DNS cannot carry
 */
export const askPair: Probe<DnsAsk> = async (ask, context) => {
  const a = encodeQuery({ ...ask, question: { ...ask.question, type: 'A' } })
  const aaaa = withAnotherId(encodeQuery({ ...ask, question: { ...ask.question, type: 'AAAA' } }), a)
  const handler = pairHandler(a, aaaa, context.deadlineSeconds)
  return exchangeDatagrams({ ...ask, socket: 'connected' }, [a.message, aaaa.message], context, handler)
}

function pairHandler(a: Query, aaaa: Query, deadlineSeconds: number): DatagramHandler {
  const seen: Seen = { a: null, aaaa: null, instead: null }
  return {
    onDatagram(message, _source, seconds) {
      const which = idOf(message) === idOf(aaaa.message) ? 'aaaa' : 'a'
      const reading = readReply(which === 'aaaa' ? aaaa : a, message)
      if ('error' in reading) seen.instead = nearer(seen.instead, rejected(reading, null))
      else seen[which] ??= { reply: reading, seconds }
      return both(seen, deadlineSeconds)
    },
    onFailure: ({ outcome, error }) => one(seen, error) ?? observed(outcome, { error }),
    // With one half here, the other may still come late.
    atDeadline: () => (seen.a || seen.aaaa ? null : none(seen)),
    atClose: () => one(seen, seen.instead?.error ?? null) ?? none(seen) ?? observed('timeout'),
  }
}

const observed = (outcome: Observation['outcome'], also: Partial<Omit<Observation, 'outcome'>> = {}) =>
  observationOf(outcome, { ...also, socket: 'connected' })

/** The observation of two answers, null while one is missing. */
function both({ a, aaaa }: Seen, deadlineSeconds: number): Observation | null {
  if (!a || !aaaa) return null
  const seconds = Math.max(a.seconds, aaaa.seconds)
  const answers = [...new Set([...a.reply.answers, ...aaaa.reply.answers])].sort()
  const outcome = a.reply.outcome === 'answered' ? aaaa.reply.outcome : a.reply.outcome
  const rcode = a.reply.rcode === 0 ? aaaa.reply.rcode : a.reply.rcode
  return judged({ ...a.reply, outcome, rcode, answers }, seconds <= deadlineSeconds, { seconds, socket: 'connected' })
}

/** The observation of one answer, null without any. */
function one({ a, aaaa }: Seen, error: string | null): Observation | null {
  const half = a ?? aaaa
  if (!half) return null
  const missing = a ? 'no AAAA answer' : 'no A answer'
  const { outcome: _whole, ...read } = half.reply
  return observed('partial', { ...read, seconds: half.seconds, error: error ? `${missing}: ${error}` : missing })
}

const none = ({ instead }: Seen) => instead && observed(instead.outcome, instead)

const idOf = (message: Buffer) => (message.length < 2 ? -1 : message.readUInt16BE(0))

/** The id tells the two answers apart. */
function withAnotherId(query: Query, other: Query): Query {
  if (idOf(query.message) === idOf(other.message)) query.message.writeUInt16BE(idOf(other.message) ^ 1, 0)
  return query
}
