import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { dnsServer } from '../../../agent/test/dns-server.ts'
import { CTRL_C, inTerminal, oddnode } from '../oddnode.ts'

t.setTimeout(120_000)

const NXDOMAIN = 3
const etcOf = (t: { testdir: (files: Record<string, string>) => string }, nameserver: string) => [
  '--etc',
  t.testdir({ 'resolv.conf': `nameserver ${nameserver}\n`, hosts: '' }),
]
const fast = ['--deadline', '0.2']

t.test('a fault is exit code 2, a table, and the verdict as the last line', async (t) => {
  const { code, stdout, stderr } = await oddnode(['check', ...etcOf(t, '127.99.99.53'), ...fast])
  t.equal(code, 2)
  t.equal(stderr, '', 'no progress in a pipe')
  t.match(stdout, /✕ nameserver 127\.99\.99\.53 +udp +invalid +refused: nothing listens there.* 0\/3/)
  t.match(stdout.trimEnd().split('\n').at(-1), /^✕ FAILING {2}Nameserver 127\.99\.99\.53: refused/)
})

t.test('as JSON', async (t) => {
  const { code, stdout } = await oddnode(['check', '--json', ...etcOf(t, '127.99.99.53'), ...fast])
  t.equal(code, 2)
  t.match(JSON.parse(stdout), {
    schema: 'oddnode.check/1',
    verdict: { state: 'failing' },
    probes: [{ outcome: 'refused' }, {}],
  })
})

t.test('all well is exit code 0, and says what it did not look at', async (t) => {
  const address = '127.99.97.53'
  const server = await serving(t, address)
  if (!server) return t.pass('left out', { skip: 'port 53 needs root' })
  const { code, stdout } = await oddnode(['check', ...etcOf(t, address), '--deadline', '5'])
  t.equal(code, 0, stdout)
  t.match(stdout, /^✓ OK {2}As far as was looked at: nameserver 127\.99\.97\.53 answers well/m)
  t.match(stdout, /NOT LOOKED AT\n {2}This clock: no NTP server was named/)
})

/** A relay of port 53 of a loopback address to a server that answers well; null without the right to the port. */
async function serving(t: Parameters<typeof dnsServer>[0], address: string) {
  const { createServer, connect } = await import('node:net')
  const server = await dnsServer(t, NXDOMAIN)
  const udp = createSocket('udp4').bind(53, address)
  const isBound = await Promise.race([once(udp, 'listening').then(() => true), once(udp, 'error').then(() => false)])
  t.teardown(() => udp.close())
  if (!isBound) return null
  udp.on('message', (message, { port, address: from }) => {
    const behind = createSocket('udp4')
    behind.on('message', (reply) => {
      udp.send(reply, port, from)
      behind.close()
    })
    behind.send(message, server.port, '127.0.0.1')
  })
  const tcp = createServer((socket) => socket.pipe(connect(server.port, '127.0.0.1')).pipe(socket)).listen(53, address)
  await once(tcp, 'listening')
  t.teardown(() => tcp.close())
  return server
}

t.test('a terminal sees how it goes, and Ctrl-C leaves nothing of it', async (t) => {
  const silent = await dnsServer(t, 'silent')
  const terminal = inTerminal(t, [
    'check',
    ...etcOf(t, '127.99.99.53'),
    '--server',
    `127.0.0.1:${silent.port}`,
    '--deadline',
    '10',
  ])
  await terminal.until(/asked \d of 4 probes/)
  await sleep(100)
  terminal.type(CTRL_C)
  t.equal(await terminal.ended, 130)
  t.notMatch(terminal.screen(), /FAILING|Error|at file/)
  t.ok(terminal.screen().endsWith('\r\u001b[K'), JSON.stringify(terminal.screen().slice(-20)))
})
