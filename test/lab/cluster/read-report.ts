import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Report } from '@oddnode/protocol'

const PATIENCE_MILLISECONDS = 3000

/** Reads /report.json through a Unix socket. @throws where nobody answers, or not with a report */
export async function readReport(socketPath: string): Promise<Report> {
  const report: Report = JSON.parse(await readPage(socketPath, '/report.json'))
  return report
}

/** Reads a page of the aggregator through a Unix socket. @throws where nobody answers, or not with 200 */
export async function readPage(socketPath: string, path: string): Promise<string> {
  const asked = request({ socketPath, path, timeout: PATIENCE_MILLISECONDS })
  asked.once('timeout', () => asked.destroy(new Error(`no answer in time: ${path}`)))
  asked.end()
  const [answer]: IncomingMessage[] = await once(asked, 'response')
  if (!answer) throw new Error('no answer')
  const body = await text(answer)
  if (answer.statusCode !== 200) throw new Error(`${path} is answered with ${answer.statusCode}: ${body}`)
  return body
}
