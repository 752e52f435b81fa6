import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { agentKey, type FleetAgent, type RoundInput } from '@oddnode/diagnosis'
import { type Plan, ROUND_SCHEMA, vantages } from '@oddnode/protocol'
import { Problem, PushAnswer, Round, RoundKey } from '@oddnode/protocol/schema'
import type { FastifyRequest } from 'fastify'
import { createAdmission } from '../admission.ts'
import { askedAgain } from '../asks-again.ts'
import type { Authentication, Verdict } from '../authentication.ts'
import type { Clock } from '../clock.ts'
import type { Evaluation } from '../evaluation.ts'
import { rejectionOf } from '../http/error-handler.ts'
import { problemOf, type Rejection, RequestRefused } from '../http/problem.ts'
import type { PlanPool } from '../plan-pool.ts'
import type { Planner } from '../plans/planner.ts'
import type { RateLimit } from '../rate-limit.ts'
import { readRound } from '../read-round.ts'
import { refusalOf } from './refusal-of.ts'

export type RoundsOptions = {
  evaluation: Evaluation
  plans: PlanPool
  planner: Planner
  clock: Clock
  authentication: Authentication
  rateLimit: RateLimit
  maxAgents: number
  onPush: () => void
  onRejection: (reason: Rejection, agent: Partial<RoundKey>) => void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** When the request's head had arrived, on the monotonic clock (`Clock.mark`). */
    arrivedAt: number
  }
}

/**
 * `PUT /v1/agents/:node/:vantage/rounds/:round`: takes a round once, however often it is pushed. The answer comes after the commit of
 * what it changed, and carries both times that the agent needs for its clock.
 */
export const rounds: FastifyPluginAsyncTypebox<RoundsOptions> = async (app, options) => {
  const { evaluation, planner, clock, maxAgents } = options
  const admission = createAdmission()

  /** It asks again what failed, and so do more nodes than CoreDNS should bear. */
  function isHeldBack(input: RoundInput): boolean {
    const { node, vantage, plan, receivedAt } = input
    const { agents } = evaluation.fleet
    const agent = agents.get(agentKey(node, vantage))
    const probes = agent === undefined ? [] : askedAgain(agent, input)
    if (probes.length === 0) return false
    const plans = vantages.flatMap((one) => agents.get(agentKey(node, one))?.plan ?? [])
    return !admission.admit({ node, plan, probes, plans }, receivedAt, planner.spare())
  }

  app.decorateRequest('arrivedAt', 0)
  app.addHook('onRequest', (request, _reply, done) => {
    request.arrivedAt = clock.mark()
    const refusal = refusalByHead(request, options)
    if (refusal instanceof Promise) refusal.then(done, done)
    else done(refusal)
  })
  app.addHook('onError', (request, _reply, error, done) => {
    options.onRejection(rejectionOf(error), request.params as Partial<RoundKey>)
    done()
  })

  // Before the rest: what else differs in another version is no error of the body.
  app.addHook('preValidation', (request, _reply, done) => done(refusalByVersion(request.body)))

  app.put(
    '/agents/:node/:vantage/rounds/:round',
    {
      schema: {
        tags: ['agents'],
        summary: 'Takes a round of an agent, once however often it is pushed',
        description: pushDescription,
        params: RoundKey,
        body: Round,
        response: { 200: PushAnswer, '4xx': Problem, 503: Problem },
      },
    },
    async ({ params, body, arrivedAt }) => {
      const { node, vantage } = params
      const known = evaluation.fleet.agents.get(agentKey(node, vantage))
      if (!known && evaluation.fleet.agents.size >= maxAgents) throw tooManyAgents(maxAgents)
      const { plan, samples } = readRound(body, known?.plan, options)
      const [boot, counter] = params.round.split('-') as [string, string]
      const receivedAt = clock.now()
      const input: RoundInput = {
        node,
        vantage,
        boot,
        counter: Number(counter),
        receivedAt,
        round: body,
        samples,
        plan,
      }
      const taken = evaluation.take(input)
      options.onPush()
      const holdBack = isHeldBack(input)
      await taken.committed
      return {
        receivedAt: clock.wallTime(arrivedAt),
        ...(taken.wantFacts ? { wantFacts: true } : {}),
        ...(holdBack ? { holdBack } : taken.suspects.length > 0 ? { suspects: taken.suspects } : {}),
        ...newerPlan(planner, evaluation.fleet.agents.get(agentKey(node, vantage)), body.plan),
        sentAt: clock.wallTime(clock.mark()),
      }
    },
  )
}

const pushDescription = [
  'For agents. With a Bearer token, or the shared secret, as auth.mode says. The answer comes after the commit of what the round changed.',
  '401 and 403: who pushes is not known, or is another; 409: the plan that the round names is not known here, push it again with its plan;',
  '413 and 429: too large, too fast (Retry-After); 503: not now, push it again.',
].join(' ')

/** The plan that an agent should follow, where that is not the one that its round names. */
function newerPlan(planner: Planner, agent: FleetAgent | undefined, named: string): { plan?: Plan } {
  const plan = agent ? planner.planFor(agent) : null
  return plan === null || plan.id === named ? {} : { plan }
}

/** What can be refused before the body is read; later only where the sender's identity must be asked for. */
function refusalByHead(
  request: FastifyRequest,
  { authentication, rateLimit, clock }: RoundsOptions,
): MaybeLater<RequestRefused | undefined> {
  const { node = '', vantage } = request.params as Partial<RoundKey>
  const settle = (verdict: Verdict) => {
    if (verdict !== 'accepted') return refusalOf(verdict)
    const wait = rateLimit.take(`${vantage}/${node}`, clock.now())
    return wait > 0 ? tooFast(wait) : undefined
  }
  const verdict = authentication(request.headers.authorization, node)
  return verdict instanceof Promise ? verdict.then(settle) : settle(verdict)
}

type MaybeLater<T> = T | Promise<T>

function refusalByVersion(body: unknown): RequestRefused | undefined {
  const schema = typeof body === 'object' && body !== null && 'schema' in body ? body.schema : undefined
  if (schema === undefined || schema === ROUND_SCHEMA) return undefined
  const said = typeof schema === 'string' ? JSON.stringify(schema.slice(0, 64)) : `no text but ${typeof schema}`
  const detail = `is ${said}, allowed is "${ROUND_SCHEMA}": agent and aggregator must speak the same version`
  return new RequestRefused('invalid', problemOf(400, 'Unknown version', detail, '/schema'))
}

function tooFast(waitSeconds: number): RequestRefused {
  const problem = problemOf(429, 'Too many pushes', 'This agent pushes faster than limits.pushesPerSecond allows.')
  return new RequestRefused('rate', problem, { 'retry-after': String(Math.ceil(waitSeconds)) })
}

function tooManyAgents(maxAgents: number): RequestRefused {
  const detail = `This aggregator knows ${maxAgents} agents already, as many as limits.agents allows.`
  return new RequestRefused('agent-limit', problemOf(403, 'Too many agents', detail))
}
