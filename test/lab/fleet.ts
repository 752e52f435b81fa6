import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Report } from '@oddnode/protocol'
import type { Network } from './namespaces.ts'

/** Rounds and thresholds a tenth to a fifteenth of the real ones: the same decisions in seconds. */
const QUICK_AGENT = ['--intervalSeconds=1', '--deadlineSeconds=0.4', '--closeSeconds=0.8', '--suspicionSeconds=0.35']
const QUICK_AGGREGATOR = {
  failingSpreadSeconds: 0.6,
  staleSeconds: 5,
  silentSeconds: 5,
  silentNotReadySeconds: 3,
  twinSeconds: 3,
  newNodeSeconds: 20,
  flappingSeconds: 30,
}

const repository = resolve(import.meta.dirname, '../..')
const packageMain = (name: string) => join(repository, 'packages', name, 'src/main.ts')
const node = [process.execPath, '--conditions=@oddnode/source']

export type Fleet = {
  /** An agent of the node that is named like the member; `options` come last, and the last of a repeated flag counts. */
  startAgent: (member: string, options: string[], environment?: Record<string, string>) => ChildProcess
  report: () => Promise<Report>
  /** Polls the report until it is as wanted. @throws with the last report where it is not within the time */
  until: (what: string, wanted: (report: Report) => boolean, withinSeconds?: number) => Promise<Report>
  aggregator: ChildProcess
  /** Kills it, without a chance to say anything. */
  stopAggregator: () => Promise<void>
  startAggregator: () => void
  restartAggregator: () => Promise<void>
  logs: string[]
}

/**
 * An aggregator as a process at 10.77.0.x, and agents that push to it with a shared secret.
 * @param environment of the aggregator, besides that of this process
 */
export async function startFleet(
  network: Network,
  member: string,
  address: string,
  environment: Record<string, string> = {},
): Promise<Fleet> {
  const directory = mkdtempSync(join(tmpdir(), 'oddnode-fleet-'))
  const secretFile = join(directory, 'secret')
  writeFileSync(secretFile, 'a-secret-of-this-test-only')
  const logs: string[] = []
  const keep = (child: ChildProcess) => {
    child.stdout?.on('data', (data: Buffer) => logs.push(String(data)))
    child.stderr?.on('data', (data: Buffer) => logs.push(String(data)))
    return child
  }
  const url = `http://${address}:8530`
  const thresholds = Object.entries(QUICK_AGGREGATOR).map(([name, value]) => `--thresholds.${name}=${value}`)
  const aggregatorCommand = [
    ...node,
    packageMain('aggregator'),
    `--listen.address=${address}`,
    '--listen.port=8530',
    '--cluster=lab',
    '--auth.mode=shared-secret',
    `--auth.secretFile=${secretFile}`,
    `--dataFile=${join(directory, 'oddnode.sqlite')}`,
    '--limits.pushesPerSecond=50',
    ...thresholds,
  ]
  const startAggregator = () => keep(network.start(member, aggregatorCommand, { cwd: repository, environment }))
  const report = async () =>
    JSON.parse(network.run(member, 'curl', '--silent', '--fail', `${url}/report.json`)) as Report

  const fleet: Fleet = {
    logs,
    report,
    aggregator: startAggregator(),
    startAgent: (at, options, environment = {}) =>
      keep(
        network.start(
          at,
          [
            ...node,
            packageMain('agent'),
            `--node=${at}`,
            `--aggregator=${url}`,
            `--tokenFile=${secretFile}`,
            '--listen.port=0',
            ...QUICK_AGENT,
            ...options,
          ],
          { cwd: repository, environment },
        ),
      ),
    until: async (what, wanted, withinSeconds = 30) => {
      const deadline = performance.now() + withinSeconds * 1000
      let last: unknown
      while (performance.now() < deadline) {
        try {
          const seen = await report()
          last = seen
          if (wanted(seen)) return seen
        } catch (error) {
          last = error
        }
        await new Promise((done) => setTimeout(done, 200))
      }
      throw new Error(
        `not within ${withinSeconds} s: ${what}\n${JSON.stringify(last, null, 1)}\n${logs.join('').slice(-4000)}`,
      )
    },
    stopAggregator: async () => {
      const stopped = new Promise((done) => fleet.aggregator.once('close', done))
      fleet.aggregator.kill('SIGKILL')
      await stopped
    },
    startAggregator: () => {
      fleet.aggregator = startAggregator()
    },
    restartAggregator: async () => {
      await fleet.stopAggregator()
      fleet.startAggregator()
    },
  }
  await fleet.until('the aggregator answers', () => true)
  return fleet
}
