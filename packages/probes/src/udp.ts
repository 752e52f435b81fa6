import { observationOf } from '@oddnode/protocol'
import { exchangeDatagrams } from './datagrams.ts'
import type { DnsAsk, Probe } from './probe.ts'
import { encodeQuery } from './query.ts'
import { readReply } from './reply.ts'
import { judged, nearer, type Rejected, rejected } from './verdict.ts'

/**
 * Asks one question over UDP: one packet, no retry, no search list.
 *
 * Only the right answer from the right source ends the wait. What else comes is remembered and told at the deadline if that never came.
 * A connected socket (the default) sees `refused`, an unconnected one `wrong-source`: each hides the other.
 * @throws TypeError for an address that is none and a name that DNS cannot carry
 */
export const askUdp: Probe<DnsAsk> = async (ask, context) => {
  const query = encodeQuery(ask)
  const socket = ask.socket ?? 'connected'
  let instead: Rejected | null = null
  const told = () => (instead === null ? null : observationOf(instead.outcome, { ...instead, socket }))
  return exchangeDatagrams(ask, [query.message], context, {
    onDatagram(message, source, seconds) {
      const reading = readReply(query, message)
      if (source === null && !('error' in reading)) {
        return judged(reading, seconds <= context.deadlineSeconds, { seconds, socket })
      }
      instead = nearer(instead, rejected(reading, source))
      return null
    },
    onFailure: ({ outcome, error }) => observationOf(outcome, { socket, error }),
    atDeadline: told,
    atClose: () => told() ?? observationOf('timeout', { socket }),
  })
}
