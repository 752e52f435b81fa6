// An NTP server that says of itself and of the time what it is told to (RFC 5905 section 7.3).
// ntp-server.ts ADDRESS [offset=SECONDS] [leap=N] [stratum=N] [refid=TEXT]
import { createSocket } from 'node:dgram'

const [address = '', ...rest] = process.argv.slice(2)
const option = (name: string, usual: string) =>
  rest.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1) ?? usual
const offsetSeconds = Number(option('offset', '0'))
const leap = Number(option('leap', '0'))
const stratum = Number(option('stratum', '2'))
const refid = option('refid', 'LAB0').padEnd(4, '\0')

const SERVER_MODE = 4
const VERSION = 4
/** Seconds from 1900, where era 0 begins, to 1970. */
const UNIX_EPOCH_SECONDS = 2_208_988_800
const REFERENCE_AGE_SECONDS = 10

const now = () => (performance.timeOrigin + performance.now()) / 1000 + offsetSeconds

function writeTime(message: Buffer, at: number, unixSeconds: number): void {
  const seconds = Math.floor(unixSeconds)
  message.writeUInt32BE((seconds + UNIX_EPOCH_SECONDS) % 2 ** 32, at)
  message.writeUInt32BE(Math.floor((unixSeconds - seconds) * 2 ** 32), at + 4)
}

const socket = createSocket('udp4')
socket.on('message', (request, { address, port }) => {
  const received = now()
  const reply = Buffer.alloc(48)
  reply[0] = (leap << 6) | (VERSION << 3) | SERVER_MODE
  reply[1] = stratum
  reply[2] = request[2] ?? 0
  reply[3] = 0xec
  reply.write(refid, 12, 4, 'latin1')
  writeTime(reply, 16, received - REFERENCE_AGE_SECONDS)
  request.copy(reply, 24, 40, 48)
  writeTime(reply, 32, received)
  writeTime(reply, 40, now())
  socket.send(reply, port, address)
})
socket.bind(123, address)
