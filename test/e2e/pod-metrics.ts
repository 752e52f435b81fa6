import { kubectl } from './commands.ts'

/** What a pod says at /metrics, read through the API server. */
export const scrape = (namespace: string, pod: string, port: string): Promise<string> =>
  kubectl('get', '--raw', `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy/metrics`)

/**
 * The sum of a metric's series in the text exposition format.
 * @param label `outcome="accepted"`; empty: all series
 */
export function sumOf(metrics: string, name: string, label = ''): number {
  const series = metrics.matchAll(new RegExp(`^${name}(\\{.*\\})? (\\S+)$`, 'gm'))
  return [...series].reduce((sum, [, labels = '', value]) => (labels.includes(label) ? sum + Number(value) : sum), 0)
}
