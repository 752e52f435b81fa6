// A real NTP server that a machine may have: chronyd on loopback, on this machine's own clock, which it never sets (-x).
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { measureNtp, type NtpAddress } from '../src/ntp.ts'

/** Where it serves NTP, and where it tells of itself. */
export type Chrony = NtpAddress & { commandPort: number }

type Test = { teardown: (close: () => unknown) => void }

/** Why chronyd cannot be used here, or false. */
export const noChrony: string | false = spawnSync('chronyd', ['--version']).error ? 'chronyd is not installed' : false

/**
 * Starts it on a free port and waits until it answers; another port if somebody was quicker.
 * @param lines instead of `local stratum 2`, which makes it a server without one of its own
 */
export async function startChrony(
  t: Test,
  lines = ['local stratum 2'],
  isReady: (chrony: Chrony) => Promise<boolean> = answers,
): Promise<Chrony> {
  const folder = mkdtempSync(join(tmpdir(), 'oddnode-ntp-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (let tries = 0; tries < 5; tries++) {
    const server = { address: '127.0.0.1', port: await freePort(), commandPort: await freePort() }
    const file = configuration(folder, server, lines)
    const chronyd = spawn('chronyd', ['-x', '-d', '-U', '-f', file], { stdio: 'ignore' })
    t.teardown(() => chronyd.kill('SIGKILL'))
    if (await within5Seconds(() => isReady(server))) return server
    chronyd.kill('SIGKILL')
  }
  throw new Error('chronyd does not answer')
}

function configuration(folder: string, { port, commandPort }: Chrony, lines: readonly string[]): string {
  const file = join(folder, 'chrony.conf')
  const all = [
    ...lines,
    'allow 127.0.0.0/8',
    'bindaddress 127.0.0.1',
    `port ${port}`,
    `cmdport ${commandPort}`,
    'bindcmdaddress 127.0.0.1',
    'bindcmdaddress /',
    `user ${userInfo().username}`,
    `pidfile ${join(folder, 'pid')}`,
  ]
  writeFileSync(file, `${all.join('\n')}\n`)
  return file
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4')
  await once(socket.bind(0, '127.0.0.1'), 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

async function answers(server: NtpAddress): Promise<boolean> {
  const { outcome } = await measureNtp(server, { signal: AbortSignal.timeout(2000), closeSeconds: 0.5 })
  return outcome === 'answered'
}

async function within5Seconds(isReady: () => Promise<boolean>): Promise<boolean> {
  const until = performance.now() + 5000
  while (performance.now() < until) {
    if (await isReady()) return true
    await sleep(20)
  }
  return false
}
