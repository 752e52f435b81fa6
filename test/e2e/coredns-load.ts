import { now, sleep } from './commands.ts'
import { coreDnsPods } from './dns-servers.ts'
import { scrape, sumOf } from './pod-metrics.ts'

/** Queries a second that each CoreDNS pod counted itself, by pod, whoever sent them. */
export async function queriesPerSecond(seconds: number): Promise<Map<string, number>> {
  const [before, beganAt] = [await counts(), now()]
  await sleep(seconds)
  const after = await counts()
  const elapsed = now() - beganAt
  return new Map([...after].map(([pod, count]) => [pod, (count - (before.get(pod) ?? count)) / elapsed]))
}

async function counts(): Promise<Map<string, number>> {
  const pods = (await coreDnsPods()).map(({ name }) => name)
  return new Map(
    await Promise.all(
      pods.map(async (pod) => {
        const metrics = await scrape('kube-system', pod, '9153')
        return [pod, sumOf(metrics, 'coredns_dns_requests_total')] as const
      }),
    ),
  )
}
