// A server under test as a process of its own, with as many open files as the machine allows.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The aggregator as it ships: compiled. */
export const aggregatorMain = join(import.meta.dirname, '../../packages/aggregator/dist/main.js')
/** V8's flags that it ships with: `npm start -w packages/aggregator`. */
export const SHIPPED_FLAGS = '--max-semi-space-size=16 --heap-growing-percent=60'

/** Ends the benchmark where there is nothing to run. */
export function exitWithoutBuild(): void {
  if (existsSync(aggregatorMain)) return
  process.stderr.write('packages/aggregator/dist is missing: run npm run build first\n')
  process.exit(1)
}

/** @param command arguments of Node. The process has a channel for messages. */
export function startServer(command: readonly string[]): ChildProcess {
  const script = 'ulimit -n $(ulimit -Hn); exec "$0" "$@"'
  return spawn('/bin/sh', ['-c', script, process.execPath, ...command], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

/** Asks it to end, and waits until it has. */
export async function stopServer(server: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await ended
}

/** Waits until a port of loopback takes connections. @throws after a minute: the server has not started */
export async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await takesConnections(port)) return
    await sleep(200)
  }
  throw new Error(`nobody listens on port ${port}`)
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
