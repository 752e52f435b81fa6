import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { askHealth } from '../src/health.ts'
import { shortContext } from './context.ts'
import { closedPort } from './dns-server.ts'

/** A server that does as it is told once a whole request came. */
async function server(t: Test, behaviour: (socket: Socket) => unknown, address = '127.0.0.1') {
  const requests: string[] = []
  const tcp = createServer((socket) => {
    let request = ''
    socket.on('error', () => undefined)
    t.teardown(() => socket.destroy())
    socket.on('data', (octets: Buffer) => {
      request += octets.toString('latin1')
      if (!request.endsWith('\r\n\r\n')) return
      requests.push(request)
      behaviour(socket)
    })
  })
  tcp.listen(0, address)
  await once(tcp, 'listening')
  t.teardown(() => tcp.close())
  return { address, port: (tcp.address() as AddressInfo).port, requests }
}

async function ask(t: Test, behaviour: (socket: Socket) => unknown, deadline = 2, close = 4) {
  const { requests: _requests, ...asked } = await server(t, behaviour)
  return askHealth(asked, shortContext(deadline, close).context)
}

for (const address of ['127.0.0.1', '::1']) {
  t.test(`a health page of node:http on ${address}`, async (t) => {
    const asked: string[] = []
    const http = createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.host}`)
      response.end('OK')
    })
    http.listen(0, address)
    await once(http, 'listening')
    t.teardown(() => http.close())
    const { port } = http.address() as AddressInfo
    const observation = await askHealth({ address, port }, shortContext().context)
    t.match(observation, { outcome: 'answered', error: null, rcode: null, socket: null })
    t.ok((observation.seconds ?? 0) > 0 && (observation.connectSeconds ?? 0) > 0)
    t.strictSame(asked, [`GET /health ${address === '::1' ? '[::1]' : address}:${port}`])
  })
}

t.test('one request, which asks to close', async (t) => {
  const { requests, ...asked } = await server(t, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'))
  await askHealth(asked, shortContext().context)
  t.equal(requests.length, 1)
  t.match(requests[0], /^GET \/health HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n.*Connection: close\r\n\r\n$/s)
})

t.test('another status than 200 is an answer with an error', async (t) => {
  const observation = await ask(t, (socket) => socket.write('HTTP/1.1 503 Service Unavailable\r\n\r\n'))
  t.match(observation, { outcome: 'answered', error: 'HTTP status 503', seconds: Number })
})

t.test('split anywhere, the answer is the same', async (t) => {
  const observation = await ask(t, async (socket) => {
    socket.setNoDelay()
    for (const octet of 'HTTP/1.1 200 OK\r\n') {
      socket.write(octet)
      await sleep(2)
    }
  })
  t.match(observation, { outcome: 'answered', error: null })
})

t.test('an answer without an end is read to its status only', async (t) => {
  const observation = await ask(t, (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n${'x'.repeat(100_000)}`)
  })
  t.match(observation, { outcome: 'answered', error: null })
})

t.test('another protocol, an endless line', async (t) => {
  for (const text of ['SSH-2.0-OpenSSH\r\n', `HTTP/1.1 200 ${'x'.repeat(9_000)}`, Buffer.alloc(5_000, 0xff)]) {
    const observation = await ask(t, (socket) => socket.write(text))
    t.match(observation, { outcome: 'malformed', error: 'no HTTP/1.x status line', seconds: null })
  }
})

t.test('closed before its status, by FIN or by RST', async (t) => {
  t.match(await ask(t, (socket) => socket.end('HTTP/1.1 2')), { outcome: 'closed', error: null })
  t.match(await ask(t, (socket) => socket.resetAndDestroy()), { outcome: 'closed', error: 'ECONNRESET' })
})

t.test('refused; and a process that hangs: the kernel connects, nobody answers', async (t) => {
  const refusing = { address: '127.0.0.1', port: await closedPort() }
  t.match(await askHealth(refusing, shortContext().context), { outcome: 'refused', error: 'ECONNREFUSED' })
  const hanging = await ask(t, () => undefined, 0.1, 0.2)
  t.match(hanging, { outcome: 'timeout', seconds: null, connectSeconds: Number })
})

t.test('after the deadline it is late, whatever it says', async (t) => {
  const slow = (socket: Socket) => void setTimeout(() => socket.write('HTTP/1.1 200 OK\r\n'), 150)
  t.match(await ask(t, slow, 0.05, 4), { outcome: 'late', seconds: Number, error: null })
})

t.test('an abort resolves at once', async (t) => {
  const { requests: _requests, ...asked } = await server(t, () => undefined)
  const { context, abort } = shortContext(5, 10)
  const observation = askHealth(asked, context)
  await sleep(20)
  abort()
  t.match(await observation, { outcome: 'local-error', error: 'aborted' })
})

t.test('a name in place of an address is a programming error', async (t) => {
  await t.rejects(askHealth({ address: 'localhost', port: 80 }, shortContext().context), TypeError)
})
