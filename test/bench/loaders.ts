// The processes that stand for thousands of agents: started, told and asked together.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadOrder, LoadReport, LoadStart } from './ingest-load.ts'

/** As agents are configured. */
export const INTERVAL_SECONDS = 15
/** Agents that one loader stands for: more, and its own event loop would show in the latencies. */
const AGENTS_PER_LOADER = 2000
/** Until windows are full and states are settled … */
const WARM_UP_PUSHES = 6
/** … at a quicker pace, where that is not more than the server can take. */
const WARM_UP_INTERVAL_SECONDS = 5
const MOST_WARM_UP_PUSHES_PER_SECOND = 1500

export type Loaders = {
  /** Forgets the latencies so far. */
  reset: () => void
  /** What was seen since the last reset. */
  report: () => Promise<LoadReport>
  stop: () => void
}

export type Load = { port: number; agents: number } & Pick<LoadStart, 'samples' | 'oddEvery' | 'agentsPerConnection'>

/** @returns when every agent pushed some rounds, and all of them push at their usual interval */
export async function startLoaders({ agents, ...load }: Load): Promise<Loaders> {
  const intervalSeconds = Math.max(
    WARM_UP_INTERVAL_SECONDS,
    Math.min(INTERVAL_SECONDS, agents / MOST_WARM_UP_PUSHES_PER_SECOND),
  )
  const loaders: ChildProcess[] = []
  for (let firstAgent = 0; firstAgent < agents; firstAgent += AGENTS_PER_LOADER) {
    const loader = fork(join(import.meta.dirname, 'ingest-load.ts'), { execArgv: ['--conditions=@oddnode/source'] })
    const ofLoader = Math.min(AGENTS_PER_LOADER, agents - firstAgent)
    loader.send({ kind: 'start', ...load, firstAgent, agents: ofLoader, intervalSeconds } satisfies LoadOrder)
    loaders.push(loader)
  }
  const tell = (order: LoadOrder) => {
    for (const loader of loaders) loader.send(order)
  }
  await sleep(WARM_UP_PUSHES * intervalSeconds * 1000)
  tell({ kind: 'interval', seconds: INTERVAL_SECONDS })
  await sleep(INTERVAL_SECONDS * 1000)
  return {
    reset: () => tell({ kind: 'reset' }),
    report: async () => together(await Promise.all(loaders.map(reportOf))),
    stop: () => tell({ kind: 'stop' }),
  }
}

function reportOf(loader: ChildProcess): Promise<LoadReport> {
  return new Promise((resolve) => {
    loader.once('message', (report: LoadReport) => resolve(report))
    loader.send({ kind: 'report' } satisfies LoadOrder)
  })
}

function together(reports: readonly LoadReport[]): LoadReport {
  const failures: Record<string, number> = {}
  for (const report of reports) {
    for (const [reason, count] of Object.entries(report.failures)) failures[reason] = (failures[reason] ?? 0) + count
  }
  return { latenciesMilliseconds: reports.flatMap((report) => report.latenciesMilliseconds), failures }
}
