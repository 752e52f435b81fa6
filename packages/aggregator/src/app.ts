import { applyClockSet, applyPause, createFleet, type Fleet } from '@oddnode/diagnosis'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { acceptAll, sharedSecret } from './authentication.ts'
import type { Clock } from './clock.ts'
import type { AggregatorConfig } from './config-schema.ts'
import { createEvaluation, type Evaluation } from './evaluation.ts'
import { createServer } from './http/server.ts'
import { remember, snapshotOf } from './memory.ts'
import { createMetrics, type Metrics, watchState } from './metrics.ts'
import { openapi } from './openapi.ts'
import { createPlanPool, type PlanPool } from './plan-pool.ts'
import { createRateLimit } from './rate-limit.ts'
import { createRejectedAgents } from './rejected-agents.ts'
import { createReporter } from './report/reporter.ts'
import { health } from './routes/health.ts'
import { metricsRoute } from './routes/metrics.ts'
import { report } from './routes/report.ts'
import { rounds } from './routes/rounds.ts'
import { createMemoryStore } from './store/memory-store.ts'
import { createRecorder, type Recorder } from './store/recorder.ts'
import { openSqliteStore } from './store/sqlite-store.ts'
import type { Remembered } from './store/store.ts'
import { createSweep } from './sweep.ts'

export type AppOptions = {
  config: AggregatorConfig
  /** The secret of `auth.mode` shared-secret; null without one. */
  secret: string | null
  clock: Clock
  /** Semver, as the report shows it. */
  version: string
}

/** The aggregator without a process around it. */
export type App = {
  server: FastifyInstance
  evaluation: Evaluation
  /** What is due each second: evaluation, the rows that change with every push, pruning. */
  tick: () => void
}

/** Changes wait this long for others to be committed together with them. */
const GROUP_MILLISECONDS = 20
/** A data file that failed is tried again after this. */
const RETRY_MILLISECONDS = 10_000
const PRUNE_SECONDS = 60
const DAY_SECONDS = 86_400

/** Between two ticks, which are a second apart: whatever kept them apart for this long kept the pushes waiting too. */
const PAUSE_SECONDS = 10

/** Builds the whole program; nothing listens and no time passes until the caller says so. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { config, clock } = options
  const server = createServer(config)
  const metrics = createMetrics()
  const fleet = createFleet(clock.now(), config.thresholds)
  const plans = createPlanPool(() => [...fleet.agents.values()].map(({ plan }) => plan))
  const recorder = openRecorder(options, server.log, metrics, fleet, plans)
  const evaluation = createEvaluation({
    fleet,
    now: clock.now,
    record: recorder.record,
    committed: recorder.committed,
    onEvaluation: metrics.evaluationTook,
  })
  await registerRoutes(server, options, { metrics, plans, recorder, evaluation })
  server.addHook('onClose', async () => recorder.close())
  return { server, evaluation, tick: createTick(options, evaluation, recorder, server.log) }
}

/** Opens the data file, and puts what it remembers into the fleet: now, or when it can be read. */
function openRecorder(
  { config: { dataFile }, clock }: AppOptions,
  log: FastifyBaseLogger,
  metrics: Metrics,
  fleet: Fleet,
  plans: PlanPool,
): Recorder {
  const restore = (remembered: Remembered) => remember(fleet, remembered, plans.intern)
  const recorder = createRecorder({
    open: () => (dataFile === undefined ? createMemoryStore() : openSqliteStore(dataFile)),
    snapshot: () => snapshotOf(fleet),
    onLateMemory: restore,
    onTrouble: (sentence) => {
      if (sentence === null) log.info({ dataFile }, 'the data file is well again')
      else log.error({ dataFile }, sentence)
    },
    onCommit: metrics.commitTook,
    groupMilliseconds: GROUP_MILLISECONDS,
    retryMilliseconds: RETRY_MILLISECONDS,
    now: clock.now,
  })
  if (recorder.remembered) restore(recorder.remembered)
  return recorder
}

type Parts = { metrics: Metrics; plans: PlanPool; recorder: Recorder; evaluation: Evaluation }

async function registerRoutes(server: FastifyInstance, options: AppOptions, parts: Parts): Promise<void> {
  const { config, secret, clock, version } = options
  const { metrics, plans, recorder, evaluation } = parts
  const { cluster, limits } = config
  const { fleet } = evaluation
  const rejectedAgents = createRejectedAgents()
  const { waiting, trouble } = recorder
  watchState(metrics.registry, { fleet, rejectedAgents, waiting, trouble, version, now: clock.now })
  await openapi(server, version)
  await server.register(rounds, {
    prefix: '/v1',
    evaluation,
    plans,
    clock,
    authentication: secret === null ? acceptAll : sharedSecret(secret),
    rateLimit: createRateLimit(limits.pushesPerSecond, limits.pushBurst, limits.agents),
    maxAgents: limits.agents,
    onPush: metrics.pushed,
    onRejection: (reason, { vantage, node }) => {
      metrics.rejected(reason)
      rejectedAgents.note(vantage, node, clock.now())
    },
  })
  await server.register(report, { reporter: createReporter({ evaluation, recorder, cluster, version }) })
  await server.register(metricsRoute, { registry: metrics.registry })
  await server.register(health, { isReady: () => evaluation.revision() > 0 })
}

function createTick(
  { config: { retention }, clock }: AppOptions,
  evaluation: Evaluation,
  recorder: Recorder,
  log: FastifyBaseLogger,
): () => void {
  const sweep = createSweep(evaluation.fleet)
  const notice = noticeInterruptions(evaluation.fleet, clock, log)
  let prunedAt = -Infinity
  return () => {
    const now = clock.now()
    notice()
    evaluation.tick()
    recorder.record(sweep())
    if (now - prunedAt < PRUNE_SECONDS) return
    prunedAt = now
    recorder.prune(now - retention.days * DAY_SECONDS)
  }
}

/** To be called with each tick, before anything is evaluated: nobody is accused of what befell the aggregator itself. */
function noticeInterruptions(fleet: Fleet, clock: Clock, log: FastifyBaseLogger): () => void {
  let lastAt = clock.now()
  return () => {
    const now = clock.now()
    const pausedSeconds = now - lastAt
    lastAt = now
    if (pausedSeconds > PAUSE_SECONDS) {
      applyPause(fleet, now)
      log.warn({ pausedSeconds }, 'this process stood still: who is silent is judged anew')
    }
    const setBySeconds = clock.setBy()
    if (setBySeconds !== 0) {
      applyClockSet(fleet, now)
      log.warn({ setBySeconds }, "this machine's clock was set: the nodes' clocks are measured anew")
    }
  }
}
