import type { Problem } from '@oddnode/protocol'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { answerError, refusalOf } from '../http/error-handler.ts'
import { PROBLEM_TYPE, problemOf, RequestRefused } from '../http/problem.ts'
import { problemHtml } from '../report/html/problem-page.ts'
import { StoreError } from '../store/store-error.ts'
import { faceOf, securityHeaders } from './faces.ts'

/** Answers what a reader of the report got wrong in the form that they read: a page, lines, or a Problem. */
export function answerReportError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refused = error instanceof StoreError ? unreadable(error) : refusalOf(error)
  if (refused === null) return answerError(error, request, reply)
  const { problem, headers } = refused
  reply.code(problem.status).headers({ 'cache-control': 'no-store', ...securityHeaders, ...headers })
  const face = faceOf(request)
  switch (face) {
    case 'application/json':
      return reply.type(PROBLEM_TYPE).send(problem)
    case 'text/html':
      return reply.type(`${face}; charset=utf-8`).send(problemHtml(problem, baseOf(request)))
    case 'text/plain':
      return reply.type(`${face}; charset=utf-8`).send(problemText(problem))
  }
}

/** The data file was given up while the past was read. */
const unreadable = (error: StoreError): RequestRefused =>
  new RequestRefused('other', problemOf(503, 'The history cannot be read', error.message))

const problemText = ({ title, detail }: Problem): string => `${title}\n${detail}\n`

/** The way from a page to where `/report` is. */
function baseOf({ url }: FastifyRequest): string {
  const path = url.slice(url.indexOf('/report') + 1).split('?', 1)[0] ?? ''
  return '../'.repeat(path.split('/').length - 1)
}
