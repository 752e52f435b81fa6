import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Report } from '@oddnode/protocol'

const PATIENCE_MILLISECONDS = 3000

/** Reads /report.json through a Unix socket. @throws where nobody answers, or not with a report */
export async function readReport(socketPath: string): Promise<Report> {
  const asked = request({ socketPath, path: '/report.json', timeout: PATIENCE_MILLISECONDS })
  asked.once('timeout', () => asked.destroy(new Error('no report in time')))
  asked.end()
  const [answer]: IncomingMessage[] = await once(asked, 'response')
  if (!answer) throw new Error('no answer')
  const body = await text(answer)
  if (answer.statusCode !== 200) throw new Error(`the report's status is ${answer.statusCode}: ${body}`)
  const report: Report = JSON.parse(body)
  return report
}
