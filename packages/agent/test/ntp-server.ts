// An NTP server that is this much behind the clock of this machine, or says a kiss-o'-death.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export type NtpServer = {
  port: number
  /** Times (`performance.now()` in seconds) at which requests came. */
  requests: number[]
  set: (change: Partial<Said>) => void
}

type Said = {
  behindSeconds: number
  /** What it says besides to whoever sends his own time, as `ntp-time-sync` does: ours is random. */
  behindForOthersSeconds: number
  /** It says nothing to those. */
  isDeafToOthers: boolean
  kiss: string | null
  /** It says nothing to anybody. */
  isSilent: boolean
}

type Test = { teardown: (close: () => unknown) => void }

const UNIX_EPOCH_SECONDS = 2_208_988_800

export async function ntpServer(t: Test): Promise<NtpServer> {
  const socket = createSocket('udp4')
  const requests: number[] = []
  const state: Said = {
    behindSeconds: 0,
    behindForOthersSeconds: 0,
    isDeafToOthers: false,
    kiss: null,
    isSilent: false,
  }
  socket.on('message', (request, { port, address }) => {
    requests.push(performance.now() / 1000)
    if (state.isSilent) return
    if (!state.isDeafToOthers || !isOther(request)) socket.send(reply(request, state), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return { port: socket.address().port, requests, set: (change) => void Object.assign(state, change) }
}

const unixSeconds = () => (performance.timeOrigin + performance.now()) / 1000

/** It tells its own time in the request. */
const isOther = (request: Buffer) => Math.abs(request.readUInt32BE(40) - UNIX_EPOCH_SECONDS - unixSeconds()) < 3600

/** RFC 5905 section 7.3. */
function reply(request: Buffer, { behindSeconds, behindForOthersSeconds, kiss }: Said): Buffer {
  const message = Buffer.alloc(48)
  message[0] = (4 << 3) | 4
  message[1] = kiss === null ? 1 : 0
  message.write(kiss ?? 'GPS\0', 12, 'latin1')
  request.copy(message, 24, 40, 48)
  const now = unixSeconds() - behindSeconds - (isOther(request) ? behindForOthersSeconds : 0)
  for (const at of [16, 32, 40]) {
    message.writeUInt32BE(Math.floor(now) + UNIX_EPOCH_SECONDS, at)
    message.writeUInt32BE(Math.floor((now % 1) * 2 ** 32), at + 4)
  }
  return message
}
