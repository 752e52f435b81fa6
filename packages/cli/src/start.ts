import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type AgentConfig, createLog, loadAgentConfig, type RunningAgent, startAgent } from '@oddnode/agent'
import { buildApp, createClock, loadConfig } from '@oddnode/aggregator'
import { WrongOption } from './start-error.ts'

export type LocalOptions = {
  /** Where /report is served; a port in use is followed by the next free one. 0: any. */
  port: number
  /** NTP servers to measure against: none is asked that nobody named. */
  ntp: readonly string[]
  /** A name outside to ask for. */
  external: string | null
  /** Directory of the resolv.conf to take the nameserver from. */
  etc: string
  version: string
  environment: Readonly<Record<string, string | undefined>>
  /** Writes to the person in front. */
  say: (line: string) => void
}

export type LocalRun = {
  /** The address of the report. */
  url: string
  /** Stops the agent, then the aggregator. Leaves nothing behind. */
  stop: () => Promise<void>
}

const LOOPBACK = '127.0.0.1'
const PORTS_TO_TRY = 20
const LAST_PORT = 65_535
const TICK_MILLISECONDS = 1000
/** One machine asks its own resolver: a verdict after a quarter of a minute costs it next to nothing. */
const QUICK = ['--intervalSeconds=5', '--closeSeconds=5', '--suspicionSeconds=3']
/** Three quick samples of a dead resolver are further apart than a rolling restart's hole is long. */
const PATIENCE = ['--thresholds.failingSpreadSeconds=5']

/**
 * `oddnode start`: an aggregator and a host agent of this machine in one process, on loopback only, with nothing on disk.
 * @throws WrongOption, or another Error with a sentence for the person in front, where it cannot start
 */
export async function startLocal(options: LocalOptions): Promise<LocalRun> {
  const config = agentConfig(options)
  const aggregator = await startAggregator(options)
  try {
    const agent = await startOwnAgent(config, options, aggregator.port)
    return { url: `http://${LOOPBACK}:${aggregator.port}/report`, stop: () => stopBoth(agent, aggregator.stop) }
  } catch (error) {
    await aggregator.stop()
    throw error
  }
}

async function stopBoth(agent: RunningAgent, stopAggregator: () => Promise<void>): Promise<void> {
  await agent.stop()
  await stopAggregator()
}

type LocalAggregator = { port: number; stop: () => Promise<void> }

async function startAggregator({ port, version, say }: LocalOptions): Promise<LocalAggregator> {
  const { server, tick } = await buildApp({
    config: aggregatorConfig(),
    secret: null,
    api: null,
    clock: createClock(),
    version,
  })
  await listenFrom(port, (wanted) => server.listen({ host: LOOPBACK, port: wanted }))
  const { port: listening } = server.server.address() as AddressInfo
  if (port !== 0 && listening !== port) say(`port ${port} is in use, so ${listening} is taken`)
  tick()
  const timer = setInterval(tick, TICK_MILLISECONDS)
  return {
    port: listening,
    stop: async () => {
      clearInterval(timer)
      await server.close()
    },
  }
}

/** Listens on the first port from `port` on that is free. */
async function listenFrom(port: number, listen: (port: number) => Promise<unknown>): Promise<void> {
  const last = Math.min(port + PORTS_TO_TRY - 1, LAST_PORT)
  for (let wanted = port; wanted <= last; wanted++) {
    try {
      await listen(wanted)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
  throw new Error(`ports ${port} to ${last} of ${LOOPBACK} are all in use: choose another with --port`)
}

/** Settings of the environment are for the deployed programs, not for a local run. */
function aggregatorConfig() {
  const loaded = loadConfig({ arguments: ['--cluster=this machine', '--logLevel=warn', ...PATIENCE], environment: {} })
  if ('errors' in loaded) throw new Error(loaded.errors.join('; '))
  return loaded.value
}

/** @throws WrongOption */
function agentConfig({ ntp, external, etc }: LocalOptions): AgentConfig {
  const loaded = loadAgentConfig({
    arguments: [
      '--listen.port=0',
      `--paths.etc=${etc}`,
      ...(ntp.length > 0 ? [`--targets.ntp=${ntp.join(',')}`] : []),
      ...(external === null ? [] : [`--names.external=${external}`]),
      ...QUICK,
    ],
    environment: {},
    readFile: (path) => readFileSync(path, 'utf8'),
  })
  if ('errors' in loaded) throw new WrongOption(loaded.errors)
  return loaded.value
}

function startOwnAgent(
  config: AgentConfig,
  { version, environment }: LocalOptions,
  port: number,
): Promise<RunningAgent> {
  const log = createLog('warn', (line) => process.stderr.write(line))
  const aggregator = [`http://${LOOPBACK}:${port}`]
  return startAgent({ config: { ...config, aggregator }, version, environment, log, sharesAggregatorsClock: true })
}
