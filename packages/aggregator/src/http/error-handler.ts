import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { problemOf, type Rejection, RequestRefused, sendProblem } from './problem.ts'

/** Answers every error as a Problem (RFC 9457). What went wrong in us is logged, and not told. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refused = refusalOf(error)
  if (!refused)
    request.log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'request failed')
  const { problem, headers } = refused ?? new RequestRefused('other', problemOf(500, 'Internal error', 'See the log.'))
  return sendProblem(reply, problem, headers)
}

/** What the client did wrong, as a refusal; null where the fault is ours. */
export function refusalOf(error: FastifyError): RequestRefused | null {
  if (error instanceof RequestRefused) return error
  if (error.validation) return invalidRequest(error)
  if (error.statusCode === 413) return new RequestRefused('too-large', problemOf(413, 'Body too large', error.message))
  const status = error instanceof SyntaxError ? 400 : error.statusCode
  if (status === undefined || status >= 500) return null
  return new RequestRefused(status === 400 ? 'invalid' : 'other', problemOf(status, 'Request refused', error.message))
}

function invalidRequest({ validation, validationContext }: FastifyError): RequestRefused {
  const first = validation?.[0]
  const { allowedValue, allowedValues, additionalProperty } = first?.params ?? {}
  if (validationContext === 'querystring' && typeof additionalProperty === 'string') {
    const detail = `The parameter ${JSON.stringify(additionalProperty.slice(0, 64))} means nothing here.`
    return new RequestRefused('invalid', problemOf(400, 'Invalid request', detail))
  }
  const allowed = allowedValues ?? allowedValue
  const detail = `${first?.message ?? 'is wrong'}${allowed === undefined ? '' : `: ${JSON.stringify(allowed)}`}`
  const extra = typeof additionalProperty === 'string' ? `/${escapeToken(additionalProperty.slice(0, 64))}` : ''
  const pointer = validationContext === 'body' ? `${first?.instancePath ?? ''}${extra}` : undefined
  const where = pointer ?? `${validationContext}${first?.instancePath ?? ''}${extra}`
  return new RequestRefused('invalid', problemOf(400, 'Invalid request', `${where} ${detail}`.trim(), pointer))
}

/** RFC 6901 section 3. */
const escapeToken = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** Why a push was refused, for its metric. */
export const rejectionOf = (error: FastifyError): Rejection => refusalOf(error)?.reason ?? 'other'
