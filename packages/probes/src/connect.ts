import { connect, isIP } from 'node:net'
import { observationOf } from '@oddnode/protocol'
import { attempt } from './attempt.ts'
import type { ControlAsk, Probe } from './probe.ts'
import { failureOf } from './system-error.ts'

/**
 * Opens a TCP connection and closes it again without a word. `seconds` and `connectSeconds` are both the handshake's time.
 * @throws TypeError for an address that is none
 */
export const askConnect: Probe<ControlAsk> = async ({ address, port }, context) => {
  if (isIP(address) === 0) throw new TypeError(`not an address: ${address}`)
  return attempt(context, (end) => {
    const startedAt = performance.now()
    const socket = connect({ host: address, port })
    socket.on('connect', () => {
      const seconds = (performance.now() - startedAt) / 1000
      const outcome = seconds <= context.deadlineSeconds ? 'answered' : 'late'
      end(observationOf(outcome, { seconds, connectSeconds: seconds }))
    })
    socket.on('error', (error) => {
      const { outcome, error: code } = failureOf(error)
      end(observationOf(outcome, { error: code }))
    })
    return { atDeadline: () => null, atClose: () => observationOf('timeout'), release: () => socket.destroy() }
  })
}
