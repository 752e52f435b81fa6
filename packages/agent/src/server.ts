import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from './http.ts'

export type ServerContext = {
  /** Null where metrics are off. */
  metrics: { text: () => AsyncIterable<string>; contentType: string } | null
  /** It has finished a round. Whether the DNS or the aggregator works is no matter of readiness. */
  ready: () => boolean
}

type Answer = { status: number; body: string | AsyncIterable<string>; contentType?: string }

/** A scraper that hangs must not keep a socket for ever. */
const REQUEST_TIMEOUT_MILLISECONDS = 10_000

/**
 * `/metrics`, `/livez` and `/readyz`. Bound before anything else, so that a scrape works while the DNS and the aggregator do not.
 * @returns the server and the port that it listens on
 * @throws the error of `listen`, e.g. EADDRINUSE
 */
export async function startServer(
  { address, port }: { address: string; port: number },
  context: ServerContext,
): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    send(response, answer(request.method ?? '', request.url ?? '', context)).catch((error: Error) => {
      // A body that ends in the middle is an error to who reads it.
      if (response.headersSent) response.destroy()
      else void send(response, { status: 500, body: `${error.message}\n` })
    })
  })
  server.requestTimeout = REQUEST_TIMEOUT_MILLISECONDS
  server.headersTimeout = REQUEST_TIMEOUT_MILLISECONDS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return { server, port: (server.address() as AddressInfo).port }
}

/** Ends its connections and waits until it is closed. */
export async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeAllConnections()
  await closed
}

function answer(method: string, url: string, { metrics, ready }: ServerContext): Answer {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: 'only GET\n' }
  switch (url.split('?')[0]) {
    case '/livez':
      return { status: 200, body: 'ok\n' }
    case '/readyz':
      return ready() ? { status: 200, body: 'ok\n' } : { status: 503, body: 'no round has ended yet\n' }
    case '/metrics':
      if (metrics) return { status: 200, body: metrics.text(), contentType: metrics.contentType }
  }
  return { status: 404, body: `not found: there are ${metrics ? '/metrics, ' : ''}/livez and /readyz\n` }
}

async function send(
  response: ServerResponse,
  { status, body, contentType = 'text/plain; charset=utf-8' }: Answer,
): Promise<void> {
  response.setHeader('content-type', contentType)
  if (typeof body === 'string') {
    response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body)
    return
  }
  response.statusCode = status
  for await (const part of body) response.write(part)
  response.end()
}
