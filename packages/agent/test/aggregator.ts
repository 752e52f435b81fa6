// An aggregator on a real socket whose answers a test writes down, and what it was sent.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PushAnswer, Round } from '@oddnode/protocol'

export type Push = {
  method: string
  path: string
  authorization: string | undefined
  round: Round
  /** `performance.now()` in seconds. */
  at: number
}

/** `accept` answers 200, with more in the answer if given; `hang` never answers; `close` ends the connection. */
export type Reaction =
  | 'accept'
  | 'hang'
  | 'close'
  | { answer: Partial<PushAnswer> }
  | { status: number; body?: string; headers?: Record<string, string> }

export type Aggregator = {
  url: string
  pushes: Push[]
  /** How it reacts from now on. @param script `count` is how many pushes came before */
  react: (script: Reaction | ((push: Push, count: number) => Reaction)) => void
  connections: () => number
  close: () => Promise<void>
}

type Test = { teardown: (close: () => unknown) => void }

/** @param port 0 for any; a given one to come back where an aggregator was */
export async function startAggregator(
  t: Test,
  first: Reaction | ((push: Push, count: number) => Reaction) = 'accept',
  port = 0,
): Promise<Aggregator> {
  const pushes: Push[] = []
  let script = first
  let connections = 0
  const server = createServer((request, response) => {
    void readPush(request).then((push) => {
      pushes.push(push)
      answer(response, typeof script === 'function' ? script(push, pushes.length - 1) : script)
    })
  })
  server.on('connection', () => connections++)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  t.teardown(close)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pushes,
    react: (to) => {
      script = to
    },
    connections: () => connections,
    close,
  }
}

async function readPush(request: IncomingMessage): Promise<Push> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    authorization: request.headers.authorization,
    round: JSON.parse(Buffer.concat(parts).toString('utf8')) as Round,
    at: performance.now() / 1000,
  }
}

function answer(response: ServerResponse, reaction: Reaction): void {
  if (reaction === 'hang') return
  if (reaction === 'close') {
    response.destroy()
    return
  }
  if (reaction === 'accept' || 'answer' in reaction) {
    const now = (performance.timeOrigin + performance.now()) / 1000
    const extra = reaction === 'accept' ? {} : reaction.answer
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ receivedAt: now, sentAt: now, ...extra }))
    return
  }
  response.writeHead(reaction.status, reaction.headers).end(reaction.body ?? '')
}
