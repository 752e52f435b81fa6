// A reader of the aggregator's pages, as a browser or Prometheus is one: kept-alive, and it takes what is compressed.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type Read = {
  /** From the request to the first and to the last octet of the body. */
  firstMilliseconds: number
  milliseconds: number
  /** Of the body, as it came over the wire. */
  octets: number
  encoding: string
}

export type Reader = { read: (path: string) => Promise<Read>; close: () => void }

/** @throws from `read` where the answer is not 200 */
export function createReader(port: number): Reader {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    read: (path) =>
      new Promise((resolve, reject) => {
        const sentAt = performance.now()
        const headers = { accept: 'text/html, */*;q=0.5', 'accept-encoding': 'gzip, br, zstd' }
        const asked = request({ port, host: '127.0.0.1', path, agent, headers }, (response) => {
          if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`))
          let octets = 0
          let firstMilliseconds = 0
          response.on('data', (part: Buffer) => {
            if (octets === 0) firstMilliseconds = performance.now() - sentAt
            octets += part.length
          })
          response.on('error', reject)
          response.on('end', () => {
            const encoding = response.headers['content-encoding'] ?? 'none'
            resolve({ firstMilliseconds, milliseconds: performance.now() - sentAt, octets, encoding })
          })
        })
        asked.on('error', reject)
        asked.end()
      }),
    close: () => agent.destroy(),
  }
}

/** Reads a page again and again, at about this pace, for so long. */
export async function readFor(
  reader: Reader,
  path: string,
  { seconds, everySeconds }: { seconds: number; everySeconds: number },
): Promise<Read[]> {
  const reads: Read[] = []
  for (const endAt = performance.now() + seconds * 1000; performance.now() < endAt; ) {
    await sleep(everySeconds * 1000 * 2 * Math.random())
    reads.push(await reader.read(path))
  }
  return reads
}
