import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { anchorWallClock, type WallClock } from '../src/wall-clock.ts'

/** What a scripted server does, where it differs from a good one on this machine's clock. */
export type NtpScript = {
  /** Time passes on the way by this clock alone, exactly, instead of in fact. */
  clock?: VirtualClock
  /** The server's clock minus ours. */
  aheadMilliseconds?: number
  /** The way to the server and back. */
  thereMilliseconds?: number
  backMilliseconds?: number
  /** Changes the reply to the nth request (from 0); null sends none. */
  change?: (reply: Buffer, n: number) => Buffer | null
  /** Send from another port than the one that was asked. */
  fromOtherPort?: boolean
}

/** A clock that stands until it is told to go on: what hangs on it hangs on nothing else. */
export type VirtualClock = WallClock & { advance: (milliseconds: number) => void }

export function virtualClock(): VirtualClock {
  const anchorUnixMilliseconds = 1_795_000_000_000
  let elapsed = 0
  return {
    anchorUnixMilliseconds,
    elapsedSeconds: () => elapsed / 1000,
    unixSeconds: () => (anchorUnixMilliseconds + elapsed) / 1000,
    uncertaintySeconds: 0,
    steppedSeconds: () => 0,
    advance: (milliseconds) => {
      elapsed += milliseconds
    },
  }
}

export type NtpServer = { address: string; port: number; requests: Buffer[]; close: () => void }

/** A server on a real socket that does what no real one does. */
export async function startNtpServer(script: NtpScript = {}, address = '127.0.0.1'): Promise<NtpServer> {
  const type = address.includes(':') ? 'udp6' : 'udp4'
  const [socket, other] = [createSocket(type), createSocket(type)]
  await Promise.all([socket, other].map((each) => once(each.bind(0, address), 'listening')))
  const requests: Buffer[] = []
  socket.on('message', async (request, { port }) => {
    const reply = await replyAfter(request, script, requests.push(request) - 1)
    const from: Socket = script.fromOtherPort ? other : socket
    if (reply && !closed) from.send(reply, port, address)
  })
  let closed = false
  const close = () => {
    closed = true
    socket.close()
    other.close()
  }
  return { address, port: socket.address().port, requests, close }
}

/** The time that passed on the way is split as the script says, however late the timer was. */
async function replyAfter(request: Buffer, script: NtpScript, n: number): Promise<Buffer | null> {
  const { thereMilliseconds = 0, backMilliseconds = 0, aheadMilliseconds = 0, change = (reply) => reply } = script
  const way = thereMilliseconds + backMilliseconds
  if (script.clock) {
    script.clock.advance(thereMilliseconds)
    const served = script.clock.unixSeconds() + aheadMilliseconds / 1000
    script.clock.advance(backMilliseconds)
    return change(ntpReply(request, served), n)
  }
  const clock = anchorWallClock()
  const arrived = clock.unixSeconds()
  if (way > 0) await sleep(way)
  const left = clock.unixSeconds()
  const there = way > 0 ? ((left - arrived) * thereMilliseconds) / way : 0
  const served = arrived + there + aheadMilliseconds / 1000
  return change(ntpReply(request, served), n)
}

const UNIX_EPOCH_SECONDS = 2_208_988_800

/** A good reply of stratum 2, received and sent at the same instant. */
export function ntpReply(request: Buffer, unixSeconds: number): Buffer {
  const reply = Buffer.alloc(48)
  reply[0] = (4 << 3) | 4
  reply[1] = 2
  reply.writeUInt32BE(0x200, 8) // root dispersion 7.8 ms
  reply.set([192, 0, 2, 1], 12)
  writeTimestamp(reply, 16, unixSeconds - 16)
  request.copy(reply, 24, 40, 48)
  writeTimestamp(reply, 32, unixSeconds)
  writeTimestamp(reply, 40, unixSeconds)
  return reply
}

export function writeTimestamp(message: Buffer, at: number, unixSeconds: number): void {
  const whole = Math.floor(unixSeconds)
  message.writeUInt32BE((whole + UNIX_EPOCH_SECONDS) % 2 ** 32, at)
  message.writeUInt32BE(Math.floor((unixSeconds - whole) * 2 ** 32), at + 4)
}
