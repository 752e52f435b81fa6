import { connect, isIP, type Socket } from 'node:net'
import { formatAddress, type Observation, observationOf } from '@oddnode/protocol'
import { attempt, type End } from './attempt.ts'
import { readStatus } from './http-status.ts'
import type { ControlAsk, Probe } from './probe.ts'
import { failureOf } from './system-error.ts'

const WELL = 200

/** What every connection reads into: a chunk is read and done with in one go. */
const readBuffer = Buffer.alloc(1_024)

/**
 * Gets /health over HTTP/1.1, as kubelet does, and reads the status alone. Any status is `answered`; one other than 200 is its `error`,
 * and so a bad sample. `seconds` is from the write of the request to the status, `connectSeconds` the handshake's time; the deadline
 * counts both.
 *
 * A raw socket, because node:http would cost an agent 15 MiB.
 * @throws TypeError for an address that is none
 */
export const askHealth: Probe<ControlAsk> = async (ask, context) => {
  if (isIP(ask.address) === 0) throw new TypeError(`not an address: ${ask.address}`)
  return attempt(context, (end) => {
    const { socket, sofar } = converse(ask, context.deadlineSeconds, end)
    return { atDeadline: () => null, atClose: () => sofar('timeout'), release: () => socket.destroy() }
  })
}

function converse({ address, port }: ControlAsk, deadlineSeconds: number, end: End) {
  const startedAt = performance.now()
  let connectSeconds: number | null = null
  let sentAt = 0
  let text = ''

  const sofar = (outcome: Observation['outcome'], seen: Partial<Observation> = {}) =>
    observationOf(outcome, { ...seen, connectSeconds })

  const onRead = (octets: number) => {
    text += readBuffer.toString('latin1', 0, octets)
    const status = readStatus(text)
    if (status === null) return true
    if (status === 'malformed') end(sofar('malformed', { error: 'no HTTP/1.x status line' }))
    else end(answered(status))
    return false
  }

  function answered(status: number): Observation {
    const now = performance.now()
    const outcome = (now - startedAt) / 1000 <= deadlineSeconds ? 'answered' : 'late'
    const error = status === WELL ? null : `HTTP status ${status}`
    return sofar(outcome, { seconds: (now - sentAt) / 1000, error })
  }

  const socket: Socket = connect({ host: address, port, onread: { buffer: readBuffer, callback: onRead } })
  socket.on('connect', () => {
    sentAt = performance.now()
    connectSeconds = (sentAt - startedAt) / 1000
    socket.write(requestTo({ address, port }))
  })
  socket.on('end', () => end(sofar('closed')))
  socket.on('error', (error) => {
    const { outcome, error: code } = failureOf(error)
    end(sofar(outcome, { error: code }))
  })
  return { socket, sofar }
}

/** A zone means something on this node only (RFC 6874 section 1). */
function requestTo({ address, port }: ControlAsk): string {
  const host = formatAddress({ address: address.replace(/%.*$/, ''), port })
  return ['GET /health HTTP/1.1', `Host: ${host}`, 'User-Agent: oddnode', 'Connection: close', '', ''].join('\r\n')
}
