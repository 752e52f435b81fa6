// The programs around the agent: a resolver to ask, a rival to compare with, and an aggregator that only hands out a plan.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plan } from '@oddnode/protocol'

export const NAME = 'kubernetes.default.svc.cluster.local'

type Running = { child: ChildProcess; pid: number }

/** Whatever was started or written, taken back in reverse order. */
export function cleanUps() {
  const all: (() => void)[] = []
  return {
    add: (cleanUp: () => void) => void all.push(cleanUp),
    run: () => {
      for (const cleanUp of all.splice(0).reverse()) cleanUp()
    },
  }
}
export type CleanUps = ReturnType<typeof cleanUps>

export function folder(clean: CleanUps): string {
  const path = mkdtempSync(join(tmpdir(), 'oddnode-bench-'))
  clean.add(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export function start(clean: CleanUps, command: string, args: string[], output: 'ignore' | 'pipe' = 'ignore'): Running {
  const child = spawn(command, args, { stdio: ['ignore', output, 'inherit'] })
  clean.add(() => child.kill('SIGKILL'))
  if (child.pid === undefined) throw new Error(`${command} does not start: is it installed?`)
  return { child, pid: child.pid }
}

/** A port that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Debian's unbound on every loopback address, with the names of a cluster. */
export async function startUnbound(clean: CleanUps): Promise<number> {
  const port = await freePort()
  const directory = folder(clean)
  const file = join(directory, 'unbound.conf')
  writeFileSync(
    file,
    `server:
  username: ""
  chroot: ""
  directory: "${directory}"
  pidfile: ""
  use-syslog: no
  logfile: "${directory}/log"
  do-daemonize: no
  interface: 0.0.0.0
  interface-automatic: yes
  port: ${port}
  num-threads: 1
  access-control: 127.0.0.0/8 allow
  local-zone: "cluster.local." static
  local-data: "${NAME}. 30 IN A 10.96.0.1"
  local-data: "dns-version.cluster.local. 30 IN TXT 1.1.0"
remote-control:
  control-enable: no
`,
  )
  start(clean, 'unbound', ['-d', '-c', file])
  await sleep(1000)
  return port
}

/** blackbox_exporter with one module for each transport. @returns its process, and how to have it ask a server */
export async function startBlackbox(clean: CleanUps) {
  const port = await freePort()
  const file = join(folder(clean), 'blackbox.json')
  const dns = (transport: string) => ({
    prober: 'dns',
    timeout: '2s',
    dns: { transport_protocol: transport, query_name: NAME, query_type: 'A', preferred_ip_protocol: 'ip4' },
  })
  writeFileSync(file, JSON.stringify({ modules: { udp: dns('udp'), tcp: dns('tcp') } }))
  const { pid } = start(clean, 'prometheus-blackbox-exporter', [
    `--config.file=${file}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=error',
  ])
  await sleep(1000)
  const probe = async (server: string, transport: 'udp' | 'tcp') => {
    const answer = await fetch(`http://127.0.0.1:${port}/probe?target=${server}&module=${transport}`)
    if (!/^probe_success 1$/m.test(await answer.text()))
      throw new Error(`blackbox cannot ask ${server} over ${transport}`)
  }
  return { pid, probe }
}

/** Takes every push, and hands out the plan where the push names another, as an aggregator does. */
export async function startPlanner(clean: CleanUps, plan: Plan): Promise<string> {
  const server = createServer((request, response) => {
    const receivedAt = Date.now() / 1000
    let round = ''
    request.setEncoding('utf8').on('data', (part) => {
      round += part
    })
    request.on('end', () => {
      const known = round.includes(`"plan":"${plan.id}"`)
      response.end(JSON.stringify({ receivedAt, sentAt: Date.now() / 1000, ...(known ? {} : { plan }) }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  clean.add(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
