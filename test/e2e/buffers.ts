import { agentPods } from './nodes.ts'
import { scrape, sumOf } from './pod-metrics.ts'
import { NAMESPACE } from './release.ts'

/** What became of an agent's rounds. */
export type Buffer = { pod: string; waiting: number; dropped: number; rejected: number }

/** Of every agent, by its own count. */
export async function buffers(): Promise<Buffer[]> {
  const pods = (await agentPods()).map((name) => name.replace('pod/', ''))
  return Promise.all(
    pods.map(async (pod) => {
      const metrics = await scrape(NAMESPACE, pod, '9530')
      return {
        pod,
        waiting: sumOf(metrics, 'oddnode_buffered_rounds'),
        dropped: sumOf(metrics, 'oddnode_dropped_rounds_total'),
        rejected: sumOf(metrics, 'oddnode_pushes_total', 'outcome="rejected"'),
      }
    }),
  )
}
