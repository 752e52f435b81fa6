// A process that asks in a world that a test made for it: a network namespace, a limit of files. Its argument is a scenario in JSON, its
// output the observations.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import type { Observation } from '@oddnode/protocol'
import { askConnect } from '../src/connect.ts'
import { askHealth } from '../src/health.ts'
import { askTcp } from '../src/tcp.ts'
import { askUdp } from '../src/udp.ts'
import { shortContext } from './context.ts'
import { answerTo } from './dns-server.ts'

const probes = { udp: askUdp, tcp: askTcp, connect: askConnect, health: askHealth }

export type Scenario = {
  asks: { transport: keyof typeof probes; address: string }[]
  /** UDP ports that are taken before it asks. */
  occupied?: number[]
  /** Answer over UDP on 127.0.0.1:53. */
  serve?: boolean
  /** Open files until no more can be. */
  exhaustFiles?: boolean
}

const scenario: Scenario = JSON.parse(process.argv[2] ?? '')
const question = { name: 'kubernetes.test', type: 'A', class: 'IN' } as const

if (scenario.serve) {
  const server = createSocket('udp4', (query, { port, address }) => server.send(answerTo(query), port, address))
  server.bind(53, '127.0.0.1')
  await once(server, 'listening')
}
for (const port of scenario.occupied ?? []) await once(createSocket('udp4').bind(port), 'listening')

// What is loaded with the first probe needs files, too.
const warmUp = [askUdp, askTcp].map((ask) =>
  ask({ address: '127.0.0.1', port: 1, question }, shortContext(0.1, 0.1).context),
)
await Promise.all(warmUp)
if (scenario.exhaustFiles) exhaustFiles()

const observations: Observation[] = []
for (const { transport, address } of scenario.asks) {
  observations.push(await probes[transport]({ address, port: 53, question }, shortContext(1, 1.2).context))
}
process.stdout.write(JSON.stringify(observations), () => process.exit(0))

function exhaustFiles() {
  try {
    for (;;) openSync('/dev/null', 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error
  }
}
