import {
  applyClockSet,
  applyPause,
  createFleet,
  type Fleet,
  type Remembered,
  visibleFindings,
} from '@oddnode/diagnosis'
import type { FastifyBaseLogger, FastifyInstance, FastifyPluginAsync } from 'fastify'
import { chooseAuthentication } from './choose-authentication.ts'
import type { Clock } from './clock.ts'
import type { Discovery } from './cluster/discovery.ts'
import { ownNamespace } from './cluster/own-namespace.ts'
import { modeOf, startDiscovery } from './cluster/start-discovery.ts'
import type { AggregatorConfig } from './config-schema.ts'
import { createEvaluation, type Evaluation } from './evaluation.ts'
import { createHistory, type History } from './history.ts'
import { compressAnswers } from './http/compress.ts'
import { createServer } from './http/server.ts'
import type { KubernetesApi } from './kubernetes/api.ts'
import { tellFindings } from './kubernetes/tell-findings.ts'
import { rememberWhole, snapshotOf } from './memory.ts'
import { createMetrics, type Metrics, watchOwnState } from './metrics.ts'
import { openapi } from './openapi.ts'
import { createPlanPool, type PlanPool } from './plan-pool.ts'
import { createPlanner, type Planner } from './plans/planner.ts'
import { createRateLimit } from './rate-limit.ts'
import { noRecording, openRecordingFile, type RecordingFile } from './recording-file.ts'
import { createRejectedAgents } from './rejected-agents.ts'
import { createReporter, type Reporter } from './report/model/reporter.ts'
import { findings } from './routes/findings.ts'
import { health } from './routes/health.ts'
import { metricsRoute } from './routes/metrics.ts'
import { nodes } from './routes/nodes.ts'
import { report } from './routes/report.ts'
import { rounds } from './routes/rounds.ts'
import { createMemoryStore } from './store/memory-store.ts'
import { createRecorder, type Recorder } from './store/recorder.ts'
import { openSqliteStore } from './store/sqlite-store.ts'
import { StoreError } from './store/store-error.ts'
import { createSweep } from './sweep.ts'

export type AppOptions = {
  config: AggregatorConfig
  /** The secret of `auth.mode` shared-secret; null without one. */
  secret: string | null
  /** The Kubernetes API; null where none is known. */
  api: KubernetesApi | null
  clock: Clock
  /** Semver, as the report shows it. */
  version: string
}

/** The aggregator without a process around it. */
export type App = {
  server: FastifyInstance
  evaluation: Evaluation
  /**
   * What is due each second: evaluation, the rows that change with every push, pruning.
   * @returns whether it should be called again sooner
   */
  tick: () => boolean
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
  const recordingFile = openRecording(options, server.log, fleet)
  const history = createHistory(fleet)
  const recorder = openRecorder(options, server.log, metrics, { fleet, history, plans, recordingFile })
  const evaluation = createEvaluation({
    fleet,
    history,
    now: clock.now,
    record: recorder.record,
    committed: recorder.committed,
    onEvaluation: metrics.evaluationTook,
    recording: recordingFile.recording,
  })
  const namespace = ownNamespace(config)
  const discovers = modeOf(config, options.api) !== 'none'
  const planner = createPlanner({
    fleet,
    config,
    namespace,
    discovers,
    intern: plans.intern,
  })
  await registerRoutes(server, options, { metrics, plans, planner, namespace, discovers, recorder, evaluation })
  const discovery = startDiscovery({
    config,
    api: options.api,
    namespace,
    agents: () => fleet.agents.values(),
    now: clock.now,
    log: server.log,
    onCluster: (cluster) => {
      evaluation.takeCluster({ ...cluster, checks: [...cluster.checks, planner.sampling(cluster)] })
    },
  })
  server.addHook('onClose', async () => {
    discovery.close()
    options.api?.close()
    recorder.close()
    recordingFile.close()
  })
  return {
    server,
    evaluation,
    tick: createTick(options, { evaluation, history, recorder, discovery, recordingFile, metrics, log: server.log }),
  }
}

type Remembering = { fleet: Fleet; history: History; plans: PlanPool; recordingFile: RecordingFile }

/** Opens the data file, and puts what it remembers into the fleet: now, or when it can be read. */
function openRecorder(
  { config: { dataFile }, clock }: AppOptions,
  log: FastifyBaseLogger,
  metrics: Metrics,
  { fleet, history, plans, recordingFile: { recording } }: Remembering,
): Recorder {
  const restore = (remembered: Remembered) => {
    try {
      rememberWhole(fleet, remembered, plans.intern)
    } catch (error) {
      throw new StoreError('corrupt', dataFile ?? 'none', error)
    }
    recording()?.memory(remembered)
  }
  return createRecorder({
    open: () => (dataFile === undefined ? createMemoryStore() : openSqliteStore(dataFile)),
    snapshot: () => snapshotOf(fleet, history),
    restore,
    onTrouble: (sentence) => {
      if (sentence === null) log.info({ dataFile }, 'the data file is well again')
      else log.error({ dataFile }, sentence)
    },
    onCommit: metrics.commitTook,
    groupMilliseconds: GROUP_MILLISECONDS,
    retryMilliseconds: RETRY_MILLISECONDS,
    now: clock.now,
    listeningSince: () => fleet.listeningSince,
  })
}

function openRecording({ config, clock }: AppOptions, log: FastifyBaseLogger, fleet: Fleet): RecordingFile {
  const { file: path, megabytes } = config.recording
  if (path === undefined) return noRecording
  const onTrouble = (sentence: string) => log.error({ path }, sentence)
  return openRecordingFile({ path, maxBytes: megabytes * 1_000_000, fleet, now: clock.now, onTrouble })
}

type Parts = {
  metrics: Metrics
  plans: PlanPool
  planner: Planner
  namespace: string | null
  /** Whether somebody tells what the cluster is. */
  discovers: boolean
  recorder: Recorder
  evaluation: Evaluation
}

async function registerRoutes(server: FastifyInstance, options: AppOptions, parts: Parts): Promise<void> {
  const { config, secret, api, clock, version } = options
  const { metrics, plans, planner, namespace, discovers, recorder, evaluation } = parts
  const { cluster, limits } = config
  const { fleet } = evaluation
  const rejectedAgents = createRejectedAgents()
  const { waiting, trouble } = recorder
  watchOwnState(metrics.registry, { waiting, trouble, version })
  await openapi(server, version)
  await server.register(rounds, {
    prefix: '/v1',
    evaluation,
    plans,
    planner,
    clock,
    authentication: chooseAuthentication({ config, secret, api, namespace, now: clock.now, log: server.log }),
    rateLimit: createRateLimit(limits.pushesPerSecond, limits.pushBurst, limits.agents),
    maxAgents: limits.agents,
    onPush: metrics.pushed,
    onRejection: (reason, { vantage, node }) => {
      metrics.rejected(reason)
      // An agent that is asked for its plan is not refused: it pushes again, with it.
      if (reason !== 'unknown-plan') rejectedAgents.note(vantage, node, clock.now())
    },
  })
  const reporter = createReporter({
    evaluation,
    recorder,
    cluster,
    version,
    externalUrl: config.externalUrl,
    retentionDays: config.retention.days,
    keepsPast: config.dataFile !== undefined,
    discovers,
    namespace,
    now: clock.now,
  })
  await server.register(pages, { reporter })
  await server.register(metricsRoute, {
    registry: metrics.registry,
    fleet: async () => ({
      moment: await reporter.now(),
      agents: [...fleet.agents.values()],
      now: clock.now(),
      rejected: (vantage) => rejectedAgents.count(vantage, clock.now()),
    }),
  })
  await server.register(health, { isReady: () => evaluation.revision() > 0 })
}

/** What people read, compressed. */
const pages: FastifyPluginAsync<{ reporter: Reporter }> = async (scope, options) => {
  compressAnswers(scope)
  await scope.register(report, options)
  await scope.register(nodes, options)
  await scope.register(findings, options)
}

type Ticking = Pick<Parts, 'evaluation' | 'recorder' | 'metrics'> & {
  history: History
  discovery: Discovery
  recordingFile: RecordingFile
  log: FastifyBaseLogger
}

function createTick(
  { config: { retention, events }, api, clock }: AppOptions,
  { evaluation, history, recorder, discovery, recordingFile, metrics, log }: Ticking,
): () => boolean {
  const sweep = createSweep(evaluation.fleet, history)
  const onTrouble = (sentence: string) => log.warn(`Kubernetes Event not written: ${sentence}`)
  const tell = events.enabled && api !== null ? tellFindings({ api, now: clock.now, onTrouble }) : null
  const notice = noticeInterruptions(evaluation.fleet, clock, recordingFile, log)
  /** An error there is a bug, but pushes and the report of what is known already must not end with it. */
  const evaluateOrTell = (): boolean => {
    try {
      return evaluation.tick()
    } catch (error) {
      metrics.evaluationFailed()
      log.error({ err: error }, 'the diagnosis failed: what the report says is from before')
      return false
    }
  }
  let prunedAt = -Infinity
  return () => {
    const now = clock.now()
    notice()
    discovery.look()
    const again = evaluateOrTell()
    tell?.(visibleFindings(evaluation.fleet), evaluation.fleet.findings)
    recorder.record(sweep())
    if (now - prunedAt >= PRUNE_SECONDS) {
      prunedAt = now
      recorder.prune(now - retention.days * DAY_SECONDS)
    }
    return again
  }
}

/** To be called with each tick, before anything is evaluated: nobody is accused of what befell the aggregator itself. */
function noticeInterruptions(
  fleet: Fleet,
  clock: Clock,
  { recording }: RecordingFile,
  log: FastifyBaseLogger,
): () => void {
  let lastAt = clock.now()
  return () => {
    const now = clock.now()
    const pausedSeconds = now - lastAt
    lastAt = now
    if (pausedSeconds > PAUSE_SECONDS) {
      recording()?.pause(now)
      applyPause(fleet, now)
      log.warn({ pausedSeconds }, 'this process stood still: who is silent is judged anew')
    }
    const setBySeconds = clock.setBy()
    if (setBySeconds !== 0) {
      recording()?.clockSet(now)
      applyClockSet(fleet, now)
      log.warn({ setBySeconds }, "this machine's clock was set: the nodes' clocks are measured anew")
    }
  }
}
