import { createFleet } from '@oddnode/diagnosis'
import type { FastifyInstance } from 'fastify'
import { acceptAll, sharedSecret } from './authentication.ts'
import type { Clock } from './clock.ts'
import type { AggregatorConfig } from './config-schema.ts'
import { createEvaluation, type Evaluation } from './evaluation.ts'
import { createServer } from './http/server.ts'
import { remember, snapshotOf } from './memory.ts'
import { createMetrics, watchState } from './metrics.ts'
import { openapi } from './openapi.ts'
import { createPlanPool } from './plan-pool.ts'
import { createRateLimit } from './rate-limit.ts'
import { createRejectedAgents } from './rejected-agents.ts'
import { createReporter } from './report/reporter.ts'
import { health } from './routes/health.ts'
import { metricsRoute } from './routes/metrics.ts'
import { report } from './routes/report.ts'
import { rounds } from './routes/rounds.ts'
import { createMemoryStore } from './store/memory-store.ts'
import { createRecorder } from './store/recorder.ts'
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

/** Builds the whole program; nothing listens and no time passes until the caller says so. */
export async function buildApp({ config, secret, clock, version }: AppOptions): Promise<App> {
  const server = createServer(config)
  const metrics = createMetrics()
  const fleet = createFleet(clock.now(), config.thresholds)
  const plans = createPlanPool(() => [...fleet.agents.values()].map(({ plan }) => plan))
  const restore = (remembered: Remembered) => remember(fleet, remembered, plans.intern)

  const { dataFile } = config
  const recorder = createRecorder({
    open: () => (dataFile === undefined ? createMemoryStore() : openSqliteStore(dataFile)),
    snapshot: () => snapshotOf(fleet),
    onLateMemory: restore,
    onTrouble: (sentence) => {
      if (sentence === null) server.log.info({ dataFile }, 'the data file is well again')
      else server.log.error({ dataFile }, sentence)
    },
    onCommit: metrics.commitTook,
    groupMilliseconds: GROUP_MILLISECONDS,
    retryMilliseconds: RETRY_MILLISECONDS,
    now: clock.now,
  })
  if (recorder.remembered) restore(recorder.remembered)

  const evaluation = createEvaluation({
    fleet,
    now: clock.now,
    record: recorder.record,
    committed: recorder.committed,
    onEvaluation: metrics.evaluationTook,
  })
  const rejectedAgents = createRejectedAgents()
  watchState(metrics.registry, { fleet, rejectedAgents, waiting: recorder.waiting, trouble: recorder.trouble, version })
  const reporter = createReporter({ evaluation, recorder, cluster: config.cluster, version })
  const rateLimit = createRateLimit(config.limits.pushesPerSecond, config.limits.pushBurst, config.limits.agents)

  await openapi(server, version)
  await server.register(rounds, {
    prefix: '/v1',
    evaluation,
    plans,
    clock,
    authentication: secret === null ? acceptAll : sharedSecret(secret),
    rateLimit,
    maxAgents: config.limits.agents,
    onPush: metrics.pushed,
    onRejection: (reason, { vantage, node }) => {
      metrics.rejected(reason)
      rejectedAgents.note(vantage, node, clock.now())
    },
  })
  await server.register(report, { reporter })
  await server.register(metricsRoute, { registry: metrics.registry })
  await server.register(health, { isReady: () => evaluation.revision() > 0 })
  server.addHook('onClose', async () => recorder.close())

  const sweep = createSweep(fleet)
  let prunedAt = -Infinity
  const tick = () => {
    const now = clock.now()
    evaluation.tick()
    recorder.record(sweep())
    if (now - prunedAt < PRUNE_SECONDS) return
    prunedAt = now
    recorder.prune(now - config.retention.days * DAY_SECONDS)
  }
  return { server, evaluation, tick }
}
