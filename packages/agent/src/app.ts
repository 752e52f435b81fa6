import { randomBytes, randomInt } from 'node:crypto'
import { join } from 'node:path'
import { anchorWallClock, readLocalAddresses, readResolvConf } from '@oddnode/probes'
import type { ClockSample, Plan, PushAnswer, Round } from '@oddnode/protocol'
import { aggregatorAddresses } from './aggregator-address.ts'
import { type ClockStep, watchClockSteps } from './clock-steps.ts'
import { watchClock } from './clock-watch.ts'
import type { AgentConfig } from './config-schema.ts'
import { type Delivery, type DeliveryContext, deliver, type RefusedFacts } from './deliver.ts'
import { watchFacts } from './facts-watch.ts'
import { fallbackPlan, usualNodeLocalAddresses } from './fallback-plan.ts'
import { createFixedPorts } from './fixed-ports.ts'
import { createKnownPlans, type KnownPlans } from './known-plans.ts'
import type { Log } from './log.ts'
import type { AgentMetrics } from './metrics.ts'
import { createOutbox } from './outbox.ts'
import { planProblem } from './plan-problem.ts'
import { probePlanned } from './prober.ts'
import { openConnection } from './push.ts'
import { startPusher } from './pusher.ts'
import { createBuffer, type RoundBuffer } from './round-buffer.ts'
import { type FinishedRound, type RoundsContext, startRounds } from './rounds.ts'
import { startServer, stopServer } from './server.ts'
import { systemTime } from './time.ts'
import { readToken } from './token.ts'

export type AgentContext = {
  config: AgentConfig
  version: string
  environment: Readonly<Record<string, string | undefined>>
  log: Log
  /** The aggregator runs on this machine: its clock is this one, and measuring one against the other would vouch for it with itself. */
  sharesAggregatorsClock?: boolean
}

/** A running agent. */
export type RunningAgent = {
  /** The port of its metrics. */
  port: number
  /** Stops probing, pushes what it has with a goodbye and closes its sockets, within five seconds. */
  stop: () => Promise<void>
}

const PUSH_TIMEOUT_SECONDS = 5
/** Of the five seconds that a clean stop may take. */
const LAST_PUSHES_SECONDS = 3.5
/** Above the ports that Linux gives to clients by default, with room for a port per target. */
const FIXED_PORTS = [61_000, 65_280] as const

/**
 * Starts an agent: binds its metrics first, then makes its own plan from what it sees, then probes, buffers and pushes until stopped.
 * It works without an aggregator, without DNS and without NTP.
 * @throws where it cannot listen (EADDRINUSE, EACCES …)
 */
export async function startAgent(context: AgentContext): Promise<RunningAgent> {
  const { config, log, version } = context
  const buffer = createBuffer(config.bufferRounds)
  const metrics = await metricsOf(context, buffer)
  let ready = () => false
  const { server, port } = await startServer(config.listen, { metrics, ready: () => ready() })

  const boot = randomBytes(8).toString('hex')
  const stopping = new AbortController()
  let plan = await ownPlan(context)
  let stepPushedAt = Number.NEGATIVE_INFINITY
  const plans = createKnownPlans(plan)
  const facts = watchFacts(plan, { vantage: config.vantage, roots: config.paths, time: systemTime })
  const outbox = createOutbox({ buffer, facts, version })
  ready = outbox.isReady
  const connection = openConnection()
  const delivery = deliveryContext(context, { boot, buffer, plans, connection })
  const pusher = startPusher({
    buffer,
    addresses: () => aggregatorAddresses(config.aggregator, context.environment, plan.aggregators),
    deliver: (address, round) => deliver(address, round, delivery),
    onDelivery,
    time: systemTime,
    random: Math.random,
  })
  const clockWatch = watchClock({
    onSample: onClock,
    time: systemTime,
    random: Math.random,
    signal: stopping.signal,
    closeSeconds: config.closeSeconds,
  })
  const clockSteps = watchClockSteps({ onStep, proc: config.paths.proc, time: systemTime })
  const roundsContext = roundsContextOf(context, metrics, stopping.signal, onRound)
  const reportDelivery = deliveryReporter(log, buffer)
  const reportRefusedFacts = refusedFactsReporter(log)
  metrics?.setPlan(plan)
  clockWatch.setServers(plan.ntp)
  let rounds = startRounds(plan, roundsContext)
  log('info', 'started', { node: config.node, vantage: config.vantage, boot, port, ...describe(plan) })

  function onRound(round: FinishedRound) {
    if (round.kind === 'suspicion') facts.refresh()
    handOver(round, round.kind)
  }

  function handOver(round: FinishedRound, kind: Round['kind']) {
    outbox.addRound(round, kind)
    pusher.wake()
  }

  function onClock(sample: ClockSample) {
    metrics?.clock(sample)
    if (log.isDebug) log('debug', 'clock', { ...sample })
    outbox.addClock(sample)
  }

  /** Told at once; of a clock that steps again and again the next ones go with the rounds. */
  function onStep(step: ClockStep) {
    log('warn', 'clock stepped', { seconds: step.seconds, asleep: step.asleep })
    outbox.addClockStep(step)
    if (step.at - stepPushedAt < plan.intervalSeconds) return
    stepPushedAt = step.at
    handOver({ kind: 'suspicion', plan, samples: [], endedAt: systemTime.now() }, 'suspicion')
  }

  function onDelivery(delivered: Delivery) {
    metrics?.delivery(delivered.kind)
    reportDelivery(delivered)
    if (delivered.kind === 'rejected') facts.forget()
    if (delivered.kind !== 'accepted') return
    if (delivered.refusedFacts) {
      facts.refuse(delivered.refusedFacts.facts)
      reportRefusedFacts(delivered.refusedFacts)
    }
    if (delivered.clock && !context.sharesAggregatorsClock) onClock(delivered.clock)
    if (delivered.answer && !stopping.signal.aborted) onAnswer(delivered.answer, delivered.planId)
  }

  /** @param planId of the round that it answers: after an outage one of an older plan, whose targets are in another order */
  function onAnswer(answer: PushAnswer, planId: string) {
    if (answer.wantFacts) facts.forget()
    if (answer.holdBack) rounds.holdBack()
    if (answer.plan && answer.plan.id !== plan.id) adoptPlan(answer.plan)
    else if (answer.suspects && planId === plan.id) rounds.askTargets(answer.suspects)
  }

  function adoptPlan(adopted: Plan) {
    const problem = planProblem(adopted)
    if (problem !== null) return log('error', 'plan refused', { plan: adopted.id, problem })
    const rest = rounds.stop()
    if (rest.samples.length > 0) handOver(rest, 'suspicion')
    plan = adopted
    plans.add(plan)
    plans.keepOnly(plan, buffer.rounds)
    metrics?.setPlan(plan)
    facts.setPlan(plan)
    clockWatch.setServers(plan.ntp)
    rounds = startRounds(plan, roundsContext)
    log('info', 'plan changed', describe(plan))
  }

  async function stop(): Promise<void> {
    log('info', 'stopping', { buffered: buffer.rounds.length })
    const rest = rounds.stop()
    stopping.abort()
    clockWatch.stop()
    clockSteps.stop()
    facts.stop()
    handOver(rest, 'goodbye')
    await pusher.stop(LAST_PUSHES_SECONDS)
    connection.close()
    await stopServer(server)
    log('info', 'stopped', { unpushed: buffer.rounds.length })
  }

  return { port, stop }
}

/** Loaded late, and only where it is wanted: prom-client is the largest thing that an agent loads. */
async function metricsOf({ config, version }: AgentContext, buffer: RoundBuffer): Promise<AgentMetrics | null> {
  if (!config.metrics) return null
  const { createMetrics } = await import('./metrics.ts')
  const buffered = () => ({ rounds: buffer.rounds.length, dropped: buffer.dropped })
  return createMetrics({ node: config.node, vantage: config.vantage, version, buffered })
}

async function ownPlan({ config, environment }: AgentContext): Promise<Plan> {
  const { etc, proc } = config.paths
  const [resolvConf, localAddresses = []] = await Promise.all([
    readResolvConf(join(etc, 'resolv.conf')),
    readLocalAddresses(usualNodeLocalAddresses, proc),
  ])
  return fallbackPlan(config, { resolvConf, localAddresses, environment })
}

type Delivering = Pick<DeliveryContext, 'connection'> & { boot: string; buffer: RoundBuffer; plans: KnownPlans }

function deliveryContext({ config }: AgentContext, { boot, buffer, plans, connection }: Delivering): DeliveryContext {
  return {
    connection,
    pathPrefix: `/v1/agents/${encodeURIComponent(config.node)}/${config.vantage}/rounds/${boot}-`,
    token: () => readToken(config.tokenFile),
    planById: plans.byId,
    droppedRounds: () => buffer.dropped,
    now: systemTime.now,
    anchorWallClock,
    timeoutSeconds: PUSH_TIMEOUT_SECONDS,
  }
}

function roundsContextOf(
  { log }: AgentContext,
  metrics: AgentMetrics | null,
  signal: AbortSignal,
  onRound: RoundsContext['onRound'],
): RoundsContext {
  const fixedPorts = createFixedPorts(randomInt(...FIXED_PORTS))
  return {
    ask: (plan, probe, turn, socket) => {
      const planned = plan.probes[probe]
      if (!planned) throw new Error(`probe ${probe} is not in plan ${plan.id}`)
      return probePlanned(plan, planned, { turn, socket, fixedPorts, signal })
    },
    onSample: (plan, probe, observation) => {
      metrics?.sample(probe, observation)
      if (log.isDebug) log('debug', 'sample', { ...plan.probes[probe], ...observation })
    },
    onRound,
    time: systemTime,
    random: Math.random,
  }
}

/** Logs a change of how pushes go: the hundredth failure in a row is no news. */
function deliveryReporter(log: Log, buffer: RoundBuffer) {
  let last = ''
  return ({ kind, detail }: Delivery) => {
    if (kind !== last)
      log(kind === 'accepted' ? 'info' : 'warn', `push ${kind}`, { detail, buffered: buffer.rounds.length })
    last = kind
  }
}

/** Counters change the facts every minute: the same complaint of them is no news. */
function refusedFactsReporter(log: Log) {
  let last = ''
  return ({ detail }: RefusedFacts) => {
    if (detail !== last) log('warn', 'facts refused, and left out until they change', { detail })
    last = detail
  }
}

const describe = ({ id, targets }: Plan) => ({
  plan: id,
  targets: targets.map(({ role, address, port }) => `${role} ${address} ${port}`),
})
