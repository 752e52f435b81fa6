// What Prometheus scrapes: a real aggregator that takes real rounds of three nodes, and real agents that ask a real DNS server.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { setInterval as each } from 'node:timers/promises'
import { type Observation, observationOf, type Plan, type Round, type Vantage, vantages } from '@oddnode/protocol'
import {
  clockSample,
  clusterPlan,
  healthy,
  pathOf,
  roundOf,
  samplesOf,
} from '../../packages/aggregator/test/pushing.ts'
import { cleanUps, freePort, folder as noFiles, startUnbound } from '../bench/servers.ts'

const packages = resolve(import.meta.dirname, '../../packages')

export type Ports = { aggregator: number; agent: number; outcast: number }

type Test = { teardown: (act: () => unknown) => void }
type Running = { stop: () => Promise<void> }

/** What an agent of one of the nodes sees; null: it has nothing to say, and does not push. */
export type See = (node: string, vantage: Vantage) => ((plan: Plan, probe: number) => Observation) | 'goodbye' | null

export const allWell: See = () => healthy

/** Pods of node-2 get no answer from node-local DNS, everybody's CoreDNS pod is dead over TCP on node-1, and node-3's pod agent left. */
export const someOdd: See = (node, vantage) => {
  if (node === 'node-3' && vantage === 'pod') return 'goodbye'
  return (plan, probe) => {
    const planned = plan.probes[probe]
    const role = plan.targets[planned?.target ?? 0]?.role
    const lost =
      (node === 'node-2' && vantage === 'pod' && role === 'node-local') ||
      (node === 'node-1' && role === 'endpoint' && planned?.transport === 'tcp')
    return lost ? observationOf('timeout') : healthy(plan, probe)
  }
}

/** The aggregator as a process. */
export async function startAggregator(t: Test, port: number, dataFile: string): Promise<Running> {
  const running = start(t, 'aggregator', [`--listen.port=${port}`, `--dataFile=${dataFile}`])
  await until('the aggregator serves', async () => (await fetch(`http://127.0.0.1:${port}/livez`)).ok)
  return running
}

/** A real agent that asks unbound, each second. */
export async function startAgent(t: Test, { aggregator, agent }: Ports): Promise<Running> {
  const clean = cleanUps()
  t.teardown(clean.run)
  const unbound = await startUnbound(clean)
  return start(t, 'agent', [
    ...['--node=node-4', `--listen.port=${agent}`, `--aggregator=http://127.0.0.1:${aggregator}`],
    ...['--intervalSeconds=1', '--names.clusterDomain=cluster.local', `--targets.clusterDns=127.0.0.1:${unbound}`],
    `--paths.etc=${noFiles(clean)}`,
  ])
}

/** A real agent whose DNS server is not there and whose aggregator is not either: its rounds are dropped. */
export async function startOutcast(t: Test, { outcast }: Ports): Promise<Running> {
  const clean = cleanUps()
  t.teardown(clean.run)
  const nobody = await freePort()
  return start(t, 'agent', [
    ...['--node=node-5', `--listen.port=${outcast}`, `--aggregator=http://127.0.0.1:${nobody}`],
    ...['--intervalSeconds=0.5', '--bufferRounds=1', `--targets.clusterDns=127.0.0.1:${nobody}`],
    `--paths.etc=${noFiles(clean)}`,
  ])
}

const eachSecond = { intervalSeconds: 1, suspicionSeconds: 1 }

/** Pushes a round of every agent of three nodes each second, until it is stopped. */
export function pushRounds(t: Test, port: number, first: See): Running & { see: (see: See) => void } {
  let see = first
  let counter = 0
  const stopped = new AbortController()
  const plans = { host: clusterPlan('host', eachSecond), pod: clusterPlan('pod', eachSecond) }
  const pushAll = async () => {
    for (const node of ['node-1', 'node-2', 'node-3']) {
      for (const vantage of vantages) {
        const sees = see(node, vantage)
        if (sees === null) continue
        const plan = plans[vantage]
        const round = sees === 'goodbye' ? roundOf(plan, [], { kind: 'goodbye' }) : roundOf(plan, samplesOf(plan, sees))
        await push(port, node, vantage, counter, { ...round, clock: [clockSample(-0.002)] })
      }
    }
    counter++
  }
  const pushing = (async () => {
    for await (const _ of each(1000, undefined, { signal: stopped.signal })) await pushAll()
  })().catch((error: Error) => {
    if (error.name !== 'AbortError') throw error
  })
  const stop = () => {
    stopped.abort()
    return pushing
  }
  t.teardown(stop)
  return {
    stop,
    see: (next) => {
      see = next
    },
  }
}

/** One push. @returns the status of its answer; 0 where there is none */
export async function push(
  port: number,
  node: string,
  vantage: Vantage,
  counter: number,
  round: Round,
): Promise<number> {
  const url = `http://127.0.0.1:${port}${pathOf(node, vantage, counter)}`
  const headers = { 'content-type': 'application/json' }
  try {
    const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(round) })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}

/** Waits until something holds; what is thrown meanwhile does not. @throws after a minute, with what was waited for */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for await (const startedAt of each(250, performance.now())) {
    if (await holds().catch(() => false)) return
    if (performance.now() - startedAt > 60_000) throw new Error(`not within a minute: ${what}`)
  }
}

function start(t: Test, program: 'agent' | 'aggregator', flags: readonly string[]): Running {
  const main = join(packages, program, 'src/main.ts')
  const options = ['--conditions=@oddnode/source', main, '--logLevel=error', ...flags]
  const child: ChildProcess = spawn(process.execPath, options, { stdio: ['ignore', 'inherit', 'inherit'] })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  t.teardown(stop)
  return { stop }
}
