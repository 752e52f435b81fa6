import { type FastifyInstance, fastify, LogController } from 'fastify'
import type { AggregatorConfig } from '../config-schema.ts'
import { answerError } from './error-handler.ts'
import { problemOf, sendProblem } from './problem.ts'

/** Agents push each 15 s ± 20 %, and keep their connection: a new one costs more than the push. */
const KEEP_ALIVE_MILLISECONDS = 75_000
/** No other time-out ends a connection on which nothing was ever sent. */
const SILENT_MILLISECONDS = KEEP_ALIVE_MILLISECONDS + 5000
/** A request is small: whoever takes longer holds a connection for nothing. */
const REQUEST_MILLISECONDS = 10_000
/** Node.js looks for those each 30 s by default, and so holds them for up to 40. */
const LOOK_MILLISECONDS = 2000

/** A Fastify server with the settings that thousands of kept-alive agents ask for. */
export function createServer({ limits, logLevel }: Pick<AggregatorConfig, 'limits' | 'logLevel'>): FastifyInstance {
  const server = fastify({
    logger: { level: logLevel, redact: ['req.headers.authorization'] },
    // A line for each push would cost more than the push.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    bodyLimit: limits.bodyBytes,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    connectionTimeout: SILENT_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
    http: { headersTimeout: REQUEST_MILLISECONDS, connectionsCheckingInterval: LOOK_MILLISECONDS },
    maxRequestsPerSocket: 0,
    // A node's name has up to 253 characters, each of them up to 9 in an address, and a suffix behind it.
    routerOptions: { maxParamLength: 4096 },
    // Drift between agent and aggregator is an error to see, not to mend in silence.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false } },
    frameworkErrors: answerError,
  })
  // A push is JSON; anything else is refused by its type, and not by its shape.
  server.removeContentTypeParser('text/plain')
  server.setErrorHandler(answerError)
  server.setNotFoundHandler((request, reply) => {
    const detail = `There is no ${request.method} ${request.url.slice(0, 200)}.`
    return sendProblem(reply, problemOf(404, 'Not found', detail))
  })
  return server
}
