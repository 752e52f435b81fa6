import fc from 'fast-check'
import t from 'tap'
import { decodeReply, encodeRequest, isProblem, originOf, secondsSince } from '../src/ntp-message.ts'
import { ntpReply, writeTimestamp } from './ntp-server.ts'

const NOW = 1_795_000_000
const { message: request, origin } = encodeRequest()

/** A good reply, changed. */
function replyWith(change: (reply: Buffer) => void): Buffer {
  const reply = ntpReply(request, NOW)
  change(reply)
  return reply
}

const judged = (message: Buffer) => {
  const result = decodeReply(message, origin)
  return isProblem(result) ? `${result.outcome}: ${result.error}` : 'good'
}

t.test('a request: version 4, client, a random timestamp and nothing of us', async (t) => {
  t.equal(request.length, 48)
  t.equal(request[0], 0x23)
  t.ok(request.subarray(1, 40).equals(Buffer.alloc(39)))
  t.ok(request.subarray(40).equals(origin))
  t.notOk(encodeRequest().origin.equals(origin))
})

t.test('a good reply', async (t) => {
  const reply = replyWith((reply) => {
    reply[0] = (1 << 6) | (4 << 3) | 4
    reply.writeUInt32BE(0x8000, 4)
    reply.writeUInt32BE(0x4000, 8)
  })
  t.match(decodeReply(reply, origin), {
    leap: 1,
    stratum: 2,
    referenceId: '192.0.2.1',
    rootDelaySeconds: 0.5,
    rootDispersionSeconds: 0.25,
    receive: { seconds: NOW + 2_208_988_800, fraction: 0 },
  })
  t.equal(originOf(reply), origin.toString('hex'))
  t.equal(originOf(reply.subarray(0, 47)), undefined)
  t.equal(judged(Buffer.concat([reply, Buffer.alloc(20)])), 'good', 'extension fields are left alone')
  t.equal(judged(replyWith((reply) => reply.writeUInt8((3 << 3) | 4))), 'good', 'an older version')
})

t.test('what is no reply of ours', async (t) => {
  t.equal(judged(Buffer.alloc(0)), 'malformed: 0 octets')
  t.equal(judged(ntpReply(request, NOW).subarray(0, 47)), 'malformed: 47 octets')
  const padded = (octets: number) => Buffer.concat([ntpReply(request, NOW), Buffer.alloc(octets - 48)])
  t.equal(judged(padded(512)), 'good')
  t.equal(judged(padded(513)), 'malformed: 513 octets', 'nobody needs to read what is no part of it')
  for (const mode of [0, 1, 2, 3, 5, 6, 7]) {
    t.equal(judged(replyWith((reply) => reply.writeUInt8((4 << 3) | mode))), `malformed: mode ${mode}`)
  }
  for (const version of [0, 5, 7]) {
    t.equal(judged(replyWith((reply) => reply.writeUInt8((version << 3) | 4))), `malformed: version ${version}`)
  }
  t.equal(judged(replyWith((reply) => reply.fill(0, 24, 32))), 'mismatch: origin timestamp is not ours')
  t.equal(
    judged(replyWith((reply) => reply.writeUInt8((origin[7] ?? 0) ^ 1, 31))),
    'mismatch: origin timestamp is not ours',
  )
})

t.test("kiss-o'-death", async (t) => {
  const kiss = (code: string) => replyWith((reply) => reply.fill(0, 1, 2).write(code.padEnd(4, '\0'), 12, 'latin1'))
  for (const code of ['RATE', 'DENY', 'RSTR']) t.equal(judged(kiss(code)), `kiss-of-death: kiss-o'-death ${code}`)
  for (const code of ['INIT', 'STEP']) t.equal(judged(kiss(code)), `unsynchronised: stratum 0, ${code}`)
  t.equal(judged(kiss('')), 'unsynchronised: stratum 0, no reference')
  t.equal(judged(kiss('\x01\xff')), 'unsynchronised: stratum 0, 01ff0000')
})

t.test('a server without the time', async (t) => {
  const cases: [string, (reply: Buffer) => void][] = [
    ['leap indicator 3', (reply) => reply.writeUInt8(0xe4)],
    ['stratum 16', (reply) => reply.writeUInt8(16, 1)],
    ['stratum 255', (reply) => reply.writeUInt8(255, 1)],
    ['no timestamp', (reply) => reply.fill(0, 40, 48)],
    ['no timestamp', (reply) => reply.fill(0, 32, 40)],
    ['root distance 1.508 s', (reply) => reply.writeUInt32BE(3 << 16, 4)],
    ['root distance 2.000 s', (reply) => reply.writeUInt32BE(2 << 16, 8)],
    ['reference time 86401 s old', (reply) => writeTimestamp(reply, 16, NOW - 86_401)],
  ]
  for (const [error, change] of cases) t.equal(judged(replyWith(change)), `unsynchronised: ${error}`)
  t.equal(judged(replyWith((reply) => reply.fill(0, 16, 24))), 'good', 'a reference time that is not said')
  t.equal(judged(replyWith((reply) => reply.writeUInt32BE(0x17000, 8))), 'good', 'root distance 1.44 s')
})

t.test('reference ids', async (t) => {
  const idOf = (stratum: number, octets: number[]) => {
    const result = decodeReply(
      replyWith((reply) => reply.fill(stratum, 1, 2).set(octets, 12)),
      origin,
    )
    return isProblem(result) ? result.reply?.referenceId : result.referenceId
  }
  t.equal(idOf(1, [0x47, 0x50, 0x53, 0]), 'GPS')
  t.equal(idOf(1, [0x50, 0x50, 0x53, 0x31]), 'PPS1')
  t.equal(idOf(1, [0, 0xff, 1, 2]), '00ff0102')
  t.equal(idOf(2, [127, 127, 1, 1]), '127.127.1.1')
  t.equal(idOf(3, [255, 255, 255, 255]), '255.255.255.255')
})

t.test('the seconds to a timestamp, in any era', async (t) => {
  const timestampOf = (unixSeconds: number) => {
    const octets = Buffer.alloc(8)
    writeTimestamp(octets, 0, unixSeconds)
    return { seconds: octets.readUInt32BE(0), fraction: octets.readUInt32BE(4) }
  }
  const rollover = 2_085_978_496 // 2036-02-07T06:28:16Z, second 0 of era 1
  t.equal(timestampOf(rollover).seconds, 0)
  for (const [server, node] of [
    [rollover - 1, rollover + 1],
    [rollover + 1, rollover - 1],
    [NOW, NOW - 94],
    [NOW, 0],
    [rollover + 1e8, rollover + 1e8 + 3],
  ] as const) {
    t.equal(secondsSince(timestampOf(server), node * 1000), server - node)
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: -2e9, max: 2e9 }), (unixMilliseconds, away) => {
      const timestamp = timestampOf(unixMilliseconds / 1000 + away)
      return Math.abs(secondsSince(timestamp, unixMilliseconds) - away) < 1e-6
    }),
  )
  const near = secondsSince({ seconds: NOW + 2_208_988_800, fraction: 2 ** 31 + 4295 }, NOW * 1000 + 500)
  t.ok(Math.abs(near - 1e-6) < 1e-9, 'a microsecond is not lost')
})

t.test('no octets make it throw', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
      decodeReply(Buffer.from(octets), origin)
      const ours = Buffer.concat([Buffer.from(octets), Buffer.alloc(48)])
      ours.writeUInt8((4 << 3) | 4)
      origin.copy(ours, 24)
      decodeReply(ours, origin)
    }),
  )
  t.pass()
})
