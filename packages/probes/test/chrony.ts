// A real NTP server that a machine may have: chronyd on loopback, on this machine's own clock, which it never sets (-x).
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { measureNtp, type NtpAddress } from '../src/ntp.ts'

type Test = { teardown: (close: () => unknown) => void }

/** Why chronyd cannot be used here, or false. */
export const noChrony: string | false = spawnSync('chronyd', ['--version']).error ? 'chronyd is not installed' : false

/** Starts it on a free port and waits until it answers; another port if somebody was quicker. */
export async function startChrony(t: Test): Promise<NtpAddress> {
  const folder = mkdtempSync(join(tmpdir(), 'oddnode-ntp-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (let tries = 0; tries < 5; tries++) {
    const server = { address: '127.0.0.1', port: await freePort() }
    const chronyd = spawn('chronyd', ['-x', '-d', '-U', '-f', configuration(folder, server.port)], { stdio: 'ignore' })
    t.teardown(() => chronyd.kill('SIGKILL'))
    if (await answers(server)) return server
    chronyd.kill('SIGKILL')
  }
  throw new Error('chronyd does not answer')
}

function configuration(folder: string, port: number): string {
  const file = join(folder, 'chrony.conf')
  const lines = [
    'local stratum 2',
    'allow 127.0.0.0/8',
    'bindaddress 127.0.0.1',
    `port ${port}`,
    'cmdport 0',
    'bindcmdaddress /',
    `user ${userInfo().username}`,
    `pidfile ${join(folder, 'pid')}`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
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
  const until = performance.now() + 5000
  while (performance.now() < until) {
    const { outcome } = await measureNtp(server, { signal: AbortSignal.timeout(2000), closeSeconds: 0.5 })
    if (outcome === 'answered') return true
  }
  return false
}
