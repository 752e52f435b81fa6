import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import { askChrony } from '../src/chrony.ts'
import { type Chrony, noChrony, startChrony } from './chrony.ts'

/** A server that answers as it is told, on a port of 127.0.0.1 or ::1. */
async function server(t: Test, behaviour: (request: Buffer) => Buffer[], address = '127.0.0.1'): Promise<number> {
  const socket = createSocket(address === '::1' ? 'udp6' : 'udp4', (request, sender) => {
    for (const reply of behaviour(request)) socket.send(reply, sender.port, sender.address)
  })
  socket.bind(0, address)
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return socket.address().port
}

/** The header of a reply to this request, with a status. */
function refusal(request: Buffer, status: number): Buffer {
  const reply = Buffer.alloc(28)
  reply[0] = 6
  reply[1] = 2
  request.copy(reply, 4, 4, 6)
  reply.writeUInt16BE(1, 6)
  reply.writeUInt16BE(status, 8)
  request.copy(reply, 16, 8, 12)
  return reply
}

/** As chronyc has it: seconds by which the clock may be off. */
function maxErrorOf({ commandPort }: Chrony): number {
  const { stdout } = spawnSync('chronyc', ['-c', '-h', '127.0.0.1', '-p', String(commandPort), 'tracking'])
  const fields = String(stdout).split(',').map(Number)
  return Math.abs(fields[4] ?? 0) + (fields[10] ?? 0) / 2 + (fields[11] ?? 0)
}

t.test('a chronyd that follows another, as chronyc sees it', { skip: noChrony }, async (t) => {
  const source = await startChrony(t)
  const follows = [`server 127.0.0.1 port ${source.port} iburst minpoll -4 maxpoll -4`]
  const isSynchronised = async (chrony: Chrony) => (await askChrony(chrony.commandPort))?.synchronised === true
  const follower = await startChrony(t, follows, isSynchronised)
  t.match(await askChrony(follower.commandPort), { synchronised: true, maxErrorSeconds: Number })
  const looks: string[] = []
  let agrees = false
  // Between two measurements the error only grows: what is asked in between lies in between.
  for (let tries = 0; tries < 20 && !agrees; tries++) {
    const before = maxErrorOf(follower)
    const between = (await askChrony(follower.commandPort))?.maxErrorSeconds ?? Number.NaN
    const after = maxErrorOf(follower)
    looks.push(`${before} ${between} ${after}`)
    agrees = before > 0 && between >= before - 1e-6 && between <= after + 1e-6
  }
  t.ok(agrees, looks.join(', '))
})

t.test('one that follows nobody, or its own clock alone', { skip: noChrony }, async (t) => {
  const isHeard = async (chrony: Chrony) => (await askChrony(chrony.commandPort)) !== undefined
  const lonely = await startChrony(t, [], isHeard)
  t.strictSame(await askChrony(lonely.commandPort), { synchronised: false, maxErrorSeconds: null })
  const local = await startChrony(t)
  t.strictSame(await askChrony(local.commandPort), { synchronised: false, maxErrorSeconds: null })
})

t.test('nobody there: known at once', async (t) => {
  const port = await server(t, () => [])
  const silentSince = performance.now()
  t.equal(await askChrony(port), undefined, 'silent')
  t.ok(performance.now() - silentSince > 400)
  const refusedSince = performance.now()
  t.equal(await askChrony(1), undefined, 'refused')
  t.ok(performance.now() - refusedSince < 300)
})

for (const address of ['127.0.0.1', '::1']) {
  t.test(`a chronyd on ${address} that tells nothing is one all the same`, async (t) => {
    const port = await server(t, (request) => [refusal(request, 2)], address)
    t.strictSame(await askChrony(port), { synchronised: null, maxErrorSeconds: null })
  })
}

t.test('replies to somebody else, and octets that are none, are passed over', async (t) => {
  const port = await server(t, (request) => {
    const foreign = refusal(request, 0)
    foreign.writeUInt32BE((foreign.readUInt32BE(16) ^ 1) >>> 0, 16)
    return [foreign, Buffer.alloc(0), Buffer.alloc(2000, 0xff), refusal(request, 2)]
  })
  t.strictSame(await askChrony(port), { synchronised: null, maxErrorSeconds: null })
})
