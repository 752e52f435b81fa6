// DNS servers that a machine may have: unbound and dnsmasq, each with kubernetes.test = 10.96.0.1 and no upstream.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askTcp } from '../src/tcp.ts'
import { shortContext } from './context.ts'
import { closedPort } from './dns-server.ts'

type Test = { teardown: (close: () => unknown) => void }
type Address = { address: string; port: number }

const unbound = (port: number, folder: string) => {
  const file = join(folder, 'unbound.conf')
  const settings = [
    'server:',
    'interface: 127.0.0.1',
    `port: ${port}`,
    'do-daemonize: no',
    'use-syslog: no',
    'username: ""',
    'chroot: ""',
    'pidfile: ""',
    'nsid: ascii_oddnode',
    'local-zone: "test." static',
    'local-data: "kubernetes.test. A 10.96.0.1"',
    'local-data: "kubernetes.test. AAAA fd00::1"',
  ]
  writeFileSync(file, `${settings.join('\n')}\n`)
  return ['-d', '-c', file]
}

const dnsmasq = (port: number) => [
  '--keep-in-foreground',
  '--conf-file=/dev/null',
  '--no-resolv',
  '--no-hosts',
  '--user=',
  '--pid-file=',
  '--listen-address=127.0.0.1',
  '--bind-interfaces',
  `--port=${port}`,
  '--local=/test/',
  '--host-record=kubernetes.test,10.96.0.1,fd00::1',
]

/** Each with the reason why it is left out, or false. */
export const realServers = [
  { name: 'unbound', why: missing('unbound', '-V'), start: (t: Test) => start(t, 'unbound', unbound) },
  { name: 'dnsmasq', why: missing('dnsmasq', '--version'), start: (t: Test) => start(t, 'dnsmasq', dnsmasq) },
]

function missing(command: string, option: string): string | false {
  return spawnSync(command, [option]).error ? `${command} is not installed` : false
}

/** Starts it on a free port and waits until it answers. */
async function start(t: Test, command: string, options: (port: number, folder: string) => string[]): Promise<Address> {
  const folder = mkdtempSync(join(tmpdir(), 'oddnode-dns-'))
  const port = await closedPort()
  const server = spawn(command, options(port, folder), { stdio: 'ignore' })
  t.teardown(() => stop(server, folder))
  for (let tries = 0; tries < 100; tries++) {
    const question = { name: 'kubernetes.test', type: 'A', class: 'IN' } as const
    const { outcome } = await askTcp({ address: '127.0.0.1', port, question }, shortContext(0.5, 0.5).context)
    if (outcome === 'answered') return { address: '127.0.0.1', port }
    await sleep(50)
  }
  throw new Error(`${command} does not answer`)
}

async function stop(server: ChildProcess, folder: string) {
  if (server.exitCode === null) {
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  rmSync(folder, { recursive: true })
}
