// `npm run demo`: a cluster of five nodes in network namespaces, two of which take up a new CNI version after which their pods cannot reach
// node-local DNS any more; and /report telling it, until Ctrl-C. Nothing is left behind.
import { connect, createServer } from 'node:net'
import { parseArgs } from 'node:util'
import type { Report } from '@oddnode/protocol'
import { bootCluster, closeAllClusters } from './cluster/cluster.ts'
import type { Lab } from './cluster/lab.ts'
import { intervalSeconds, withinSeconds } from './cluster/quick.ts'
import { openFindings } from './open-findings.ts'
import { upgradeCni, upgraded } from './scenarios/pods-cannot-reach-node-local-dns.ts'
import { sweep } from './sweep.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '8530' } } })
const why = whyNoLab()
if (why !== null) {
  process.stderr.write(`The demo cannot run here: ${why}\n`)
  process.exit(1)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave(0))

process.stdout.write(await sweep())
try {
  await tellTheStory()
} catch (error) {
  process.stderr.write(`The demo ends here: ${error instanceof Error ? error.message : String(error)}\n`)
  await leave(1)
}

async function tellTheStory(): Promise<void> {
  say('Booting five nodes, each with a host and a pod agent …')
  const lab = await bootCluster({ nodes: 5 })
  const address = await openDoor(lab, Number(values.port))
  say(`The report is at ${address}/report; it is well when every agent has reported.`)
  await untilWell(lab)
  say('All is well. Now node-3 and node-5 take up a new CNI version …')
  await upgradeCni(lab)
  const { report, seconds } = await until(lab, 'both nodes are named', withinSeconds.open, namesBoth)
  say(
    `After ${seconds.toFixed(0)} s (a round takes ${intervalSeconds} s here, 15 s in life) ${address}/report says:\n\n  ${report.verdict.sentence}\n`,
  )
  say('Ctrl-C ends it, and takes everything away.')
}

/** Agents do not report at the same moment: one of the two may be named a little earlier. */
function namesBoth(report: Report): boolean {
  return openFindings(report).some(({ fault, scope }) => {
    return fault === 'pods-cannot-reach-node-local-dns' && upgraded.every((name) => scope.nodes.includes(name))
  })
}

/** The aggregator is in a namespace; this leads there from the machine's loopback. */
function openDoor({ socket }: Lab, port: number): Promise<string> {
  const door = createServer((client) => {
    const inside = connect(socket)
    client.pipe(inside).pipe(client)
    client.on('error', () => inside.destroy())
    inside.on('error', () => client.destroy())
  })
  return new Promise((resolve, reject) => {
    door.once('error', reject)
    door.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${port}`))
  })
}

async function leave(exitCode: number): Promise<void> {
  await closeAllClusters()
  process.exit(exitCode)
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
