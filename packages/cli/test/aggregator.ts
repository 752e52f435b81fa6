// An HTTP server in the place of an aggregator, whose answers a test writes down.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Tap = { teardown: (run: () => unknown) => unknown }
export type Standing = { url: string; asked: string[]; close: () => Promise<void> }

/** Answers every request alike. @returns its URL and the paths that were asked for */
export async function answering(
  t: Tap,
  answer: (response: ServerResponse, request: IncomingMessage) => void,
  port = 0,
): Promise<Standing> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(response, request)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  t.teardown(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

/** A report of one line, or of this text, with its verdict. */
export const reporting =
  (state: string, text = `the report, ${state}\n`) =>
  (response: ServerResponse): void =>
    void response.writeHead(200, { 'oddnode-verdict': state }).end(text)
