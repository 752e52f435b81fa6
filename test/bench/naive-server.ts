// The floor of the ingest benchmark: a bare node:http server that parses each push as JSON, keeps the last one of each agent, and
// answers two numbers. It checks nothing, knows no plan, no window and no store.
import { createServer } from 'node:http'

const rounds = new Map<string, unknown>()

const server = createServer({ keepAliveTimeout: 75_000, requestTimeout: 10_000 }, (request, response) => {
  const receivedAt = Date.now() / 1000
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const agent = (request.url ?? '').split('/rounds/')[0] ?? ''
    rounds.set(agent, JSON.parse(Buffer.concat(chunks).toString()))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ receivedAt, sentAt: Date.now() / 1000 }))
  })
})
server.maxRequestsPerSocket = 0
server.listen(Number(process.argv[2]), '127.0.0.1')
