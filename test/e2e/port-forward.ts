import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { NAMESPACE } from './release.ts'

/**
 * A way to the aggregator's Service that keeps a request's own Authorization header, which the API server's proxy does not.
 * @throws if kubectl ends before it listens
 */
export async function openWay(): Promise<{ url: string; close: () => Promise<void> }> {
  const child = spawn('kubectl', ['-n', NAMESPACE, 'port-forward', 'service/oddnode-aggregator', ':8530'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^Forwarding from 127\.0\.0\.1:(\d+) /.exec(line)?.[1]
    if (port === undefined) continue
    const close = async () => {
      child.kill()
      await closed
    }
    child.stdout.resume()
    return { url: `http://127.0.0.1:${port}`, close }
  }
  throw new Error('kubectl port-forward ended')
}
