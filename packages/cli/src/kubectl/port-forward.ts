import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { type ClusterFlags, flagsOf, type ServicePlace } from './find-service.ts'
import { firstError, spawnProblem } from './run-kubectl.ts'

export type PortForward = {
  /** The local address, `http://127.0.0.1:PORT`; starts kubectl, again where it has ended. @throws Error in one sentence where it cannot */
  url: () => Promise<string>
  /** Resolves when what forwards now has ended, with kubectl's last word. */
  ended: () => Promise<string>
  /** Ends kubectl. */
  close: () => void
}

type Child = ChildProcessByStdio<null, Readable, Readable>
type Running = { child: Child; url: Promise<string>; ended: Promise<string> }

const LOOPBACK = '127.0.0.1'

/** Forwards a free local port to a Service by running kubectl, which ends with this process. */
export function openPortForward({ namespace, name, port }: ServicePlace, cluster: ClusterFlags): PortForward {
  const args = [
    ...flagsOf(cluster),
    ...['--namespace', namespace, 'port-forward', `service/${name}`, `:${port}`, '--address', LOOPBACK],
  ]
  let running: Running | null = null
  const close = () => {
    process.off('exit', close)
    running?.child.kill()
  }
  // On every way out that this process knows of.
  process.on('exit', close)

  function started(): Running {
    const child = spawn('kubectl', args, { stdio: ['inherit', 'pipe', 'pipe'] })
    const ended = endOf(child)
    const run: Running = { child, ended, url: urlOf(child, ended) }
    void ended.then(() => {
      if (running === run) running = null
    })
    return run
  }

  return {
    url: () => {
      running ??= started()
      return running.url
    },
    ended: () => running?.ended ?? Promise.resolve('it is not running'),
    close,
  }
}

/** Kubectl's first words: `Forwarding from 127.0.0.1:43215 -> 8530`. */
function urlOf(child: Child, ended: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // It goes on with a line for each connection.
      if (said.length < 4096) said += text
      const port = /^Forwarding from 127\.0\.0\.1:(\d+) /m.exec(said)?.[1]
      if (port !== undefined) resolve(`http://${LOOPBACK}:${port}`)
    })
    void ended.then((error) => reject(new Error(`cannot forward a port to the aggregator: ${error}`)))
  })
}

function endOf(child: Child): Promise<string> {
  return new Promise((resolve) => {
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4096)
    })
    child.on('error', (error) => resolve(spawnProblem(error)))
    child.on('close', () => resolve(firstError(errors)))
  })
}
