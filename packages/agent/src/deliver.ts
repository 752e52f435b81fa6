import type { WallClock } from '@oddnode/probes'
import { type ClockSample, type Plan, type PushAnswer, UNKNOWN_PLAN } from '@oddnode/protocol'
import { checkPushAnswer } from '@oddnode/protocol/checks'
import { pushClockSample } from './clock-exchange.ts'
import type { Connection, PushAnswered, PushResult } from './push.ts'
import { pushBody } from './round-body.ts'
import type { BufferedRound } from './round-buffer.ts'
import type { Token } from './token.ts'

export type DeliveryContext = {
  connection: Connection
  /** `/v1/agents/NODE/VANTAGE/rounds/BOOT-` */
  pathPrefix: string
  token: () => Promise<Token>
  planById: (id: string) => Plan | undefined
  /** Rounds that the buffer dropped so far. */
  droppedRounds: () => number
  /** Monotonic seconds. */
  now: () => number
  anchorWallClock: () => WallClock
  timeoutSeconds: number
}

/** What came of one round at one address. `detail` is for a person, and begins with the address. */
export type Delivery =
  /**
   * Taken. The answer is null where it is not what this agent knows, as of a newer aggregator; the clock sample where the timestamps
   * contradict each other. Its `suspects` are targets of the plan `planId`, by which the round was made. `refusedFacts` where the round was
   * taken without its facts: why, and which.
   */
  | {
      kind: 'accepted'
      detail: string
      planId: string
      answer: PushAnswer | null
      clock: ClockSample | null
      refusedFacts?: RefusedFacts
    }
  /** The round itself is wrong: it would be refused for ever, and keep all later ones waiting. */
  | { kind: 'rejected'; detail: string }
  /** Another time may do better; `elsewhere`: another address may at once, for no aggregator answered at this one. */
  | { kind: 'failed'; detail: string; retryAfterSeconds: number | null; elsewhere: boolean }

/** Facts that an aggregator does not take, as JSON, and what it says of them. */
export type RefusedFacts = { facts: string; detail: string }

const REJECTED = [400, 409, 413, 422]
/** As much of an error answer as a log line should carry. */
const MAX_DETAIL = 500

/**
 * Pushes one round to one aggregator; again with its plan where that is unknown there, and without its facts where these are refused: the
 * samples are worth more. Never rejects.
 */
export async function deliver(address: string, round: BufferedRound, context: DeliveryContext): Promise<Delivery> {
  const token = await context.token()
  if ('error' in token) return { kind: 'failed', detail: token.error, retryAfterSeconds: null, elsewhere: false }
  const clock = context.anchorWallClock()
  const put = (of: BufferedRound) => putWithPlan(address, of, context, { token: token.token, clock })
  const first = await put(round)
  const refused = refusedFacts(address, round, first)
  const result = refused ? await put({ ...round, facts: null }) : first
  if (result.kind === 'failed')
    return { kind: 'failed', detail: `${address}: ${result.error}`, retryAfterSeconds: null, elsewhere: true }
  if (result.status !== 200) return refusal(address, result)
  const delivery = accepted(address, round.planId, result, clock)
  return refused && delivery.kind === 'accepted' ? { ...delivery, refusedFacts: refused } : delivery
}

async function putWithPlan(
  address: string,
  round: BufferedRound,
  context: DeliveryContext,
  sending: Omit<Sending, 'planBody'>,
): Promise<PushResult> {
  const first = await send(address, round, context, { ...sending, planBody: undefined })
  const planBody = isUnknownPlan(first) ? context.planById(round.planId) : undefined
  return planBody ? send(address, round, context, { ...sending, planBody }) : first
}

type Sending = { token: string | null; clock: WallClock; planBody: Plan | undefined }

function send(
  address: string,
  round: BufferedRound,
  { connection, pathPrefix, droppedRounds, now, timeoutSeconds }: DeliveryContext,
  { token, clock, planBody }: Sending,
): Promise<PushResult> {
  const changing = {
    ageSeconds: Math.max(0, now() - round.endedAt),
    droppedRounds: droppedRounds(),
    ...(planBody ? { planBody } : {}),
  }
  return connection.push({
    url: `${address}${pathPrefix}${round.counter}`,
    body: pushBody(round, changing),
    token,
    timeoutSeconds,
    unixSeconds: clock.unixSeconds,
  })
}

function accepted(address: string, planId: string, result: PushAnswered, clock: WallClock): Delivery {
  const parsed = parse(result.body)
  // A repeat is harmless, a round that nobody has is lost.
  if (!isFromAggregator(parsed)) {
    return {
      kind: 'failed',
      detail: `${address}: 200, but this is no answer of an aggregator`,
      retryAfterSeconds: null,
      elsewhere: true,
    }
  }
  const checked = checkPushAnswer(parsed)
  if ('value' in checked) {
    const { value: answer } = checked
    return { kind: 'accepted', detail: address, planId, answer, clock: pushClockSample(address, result, answer, clock) }
  }
  const [error] = checked.errors
  const detail = `${address}: the answer is wrong at ${error?.pointer || '/'}: ${error?.message}`
  return { kind: 'accepted', detail, planId, answer: null, clock: null }
}

const detailOf = (address: string, { status, body }: PushAnswered) =>
  `${address}: ${status} ${body.slice(0, MAX_DETAIL)}`.trimEnd()

/** The facts of a round where they are what is wrong with it. */
function refusedFacts(address: string, { facts }: BufferedRound, result: PushResult): RefusedFacts | undefined {
  if (facts === null || result.kind !== 'answered' || result.status !== 400) return undefined
  const problem = parse(result.body)
  const pointer = typeof problem === 'object' && problem !== null && 'pointer' in problem ? problem.pointer : undefined
  return typeof pointer === 'string' && /^\/facts(\/|$)/.test(pointer)
    ? { facts, detail: detailOf(address, result) }
    : undefined
}

function refusal(address: string, result: PushAnswered): Delivery {
  const { status, retryAfterSeconds } = result
  const detail = detailOf(address, result)
  if (REJECTED.includes(status)) return { kind: 'rejected', detail }
  return { kind: 'failed', detail, retryAfterSeconds, elsewhere: false }
}

const isUnknownPlan = (result: PushResult) =>
  result.kind === 'answered' && result.status === 409 && result.body.includes(UNKNOWN_PLAN)

const isFromAggregator = (answer: unknown) => typeof answer === 'object' && answer !== null && 'receivedAt' in answer

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
