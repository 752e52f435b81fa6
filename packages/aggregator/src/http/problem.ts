import { type Problem, visibleText } from '@oddnode/protocol'
import type { FastifyReply } from 'fastify'

/** The media type of an error answer (RFC 9457 section 3). */
export const PROBLEM_TYPE = 'application/problem+json'

/** Why a push was refused: the label `reason` of `oddnode_pushes_rejected_total`. */
export const rejections = [
  'unauthorised',
  'forbidden',
  'unverified',
  'rate',
  'too-large',
  'invalid',
  'unknown-plan',
  'agent-limit',
  'other',
] as const
export type Rejection = (typeof rejections)[number]

/** Thrown by hooks and handlers for a request that the client got wrong; answered as a Problem. */
export class RequestRefused extends Error {
  readonly problem: Problem
  readonly reason: Rejection
  readonly headers: Readonly<Record<string, string>>

  constructor(reason: Rejection, problem: Problem, headers: Record<string, string> = {}) {
    super(problem.detail)
    this.reason = reason
    this.problem = problem
    this.headers = headers
  }
}

/**
 * A Problem without a type of its own: `about:blank` says no more than the status (RFC 9457 section 4.2.1). It quotes what was asked for,
 * which is safe to look at.
 */
export function problemOf(status: number, title: string, detail: string, pointer?: string): Problem {
  return {
    type: 'about:blank',
    title,
    status,
    detail: visibleText(detail),
    ...(pointer === undefined ? {} : { pointer }),
  }
}

/** Answers with a Problem. */
export const sendProblem = (reply: FastifyReply, problem: Problem, headers: Readonly<Record<string, string>> = {}) =>
  reply
    .code(problem.status)
    .headers({ 'x-content-type-options': 'nosniff', ...headers })
    .type(PROBLEM_TYPE)
    .send(problem)
