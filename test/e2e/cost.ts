import { get, kubectl } from './commands.ts'
import { scrape, sumOf } from './pod-metrics.ts'
import { NAMESPACE } from './release.ts'

/** What the kernel charges a container with (its cgroup), as kubelet reads it. */
export type Cost = { pod: string; container: string; workingSetMiB: number; cpuSeconds: number }

const MIB = 1024 * 1024

/** Every container of the namespace on these nodes. */
export async function costs(nodes: readonly string[]): Promise<Cost[]> {
  const metrics = await Promise.all(
    nodes.map((node) => kubectl('get', '--raw', `/api/v1/nodes/${node}/proxy/metrics/resource`)),
  )
  const read = (name: string) => metrics.flatMap((text) => samplesOf(text, name))
  const cpu = new Map(read('container_cpu_usage_seconds_total').map(({ pod, value }) => [pod, value]))
  return read('container_memory_working_set_bytes').map(({ pod, container, value }) => ({
    pod,
    container,
    workingSetMiB: value / MIB,
    cpuSeconds: cpu.get(pod) ?? 0,
  }))
}

function samplesOf(text: string, name: string): { pod: string; container: string; value: number }[] {
  const pattern = new RegExp(`^${name}\\{container="(.+?)",namespace="${NAMESPACE}",pod="(.+?)"\\} (\\S+)`, 'gm')
  return [...text.matchAll(pattern)].map(([, container = '', pod = '', value]) => ({
    pod,
    container,
    value: Number(value),
  }))
}

/** What a container asks of its node, and the memory that it may not exceed. */
export type Share = { requestMillicores: number; requestMiB: number; limitMiB: number }

type Pods = {
  items: { spec: { containers: { name: string; resources: { requests: Resources; limits: Resources } }[] } }[]
}
type Resources = { cpu?: string; memory?: string }

/** As the chart has set them, by the container's name. */
export async function shares(): Promise<Map<string, Share>> {
  const { items } = await get<Pods>('-n', NAMESPACE, 'pods')
  const containers = items.flatMap(({ spec }) => spec.containers)
  return new Map(
    containers.map(({ name, resources: { requests, limits } }) => [
      name,
      {
        requestMillicores: quantity(requests.cpu, 'm'),
        requestMiB: quantity(requests.memory, 'Mi'),
        limitMiB: quantity(limits.memory, 'Mi'),
      },
    ]),
  )
}

/** @throws for what is not in this unit: the chart's own values are */
function quantity(text: string | undefined, unit: 'm' | 'Mi'): number {
  const [, number] = new RegExp(`^(\\d+)${unit}$`).exec(text ?? '') ?? []
  if (number === undefined) throw new Error(`${text} is no quantity in ${unit}`)
  return Number(number)
}

/** Of a process itself, pages of its binary included: the working set leaves out what other processes were charged with. */
export async function residentMiB(pod: string, port: string): Promise<number> {
  return sumOf(await scrape(NAMESPACE, pod, port), 'process_resident_memory_bytes') / MIB
}
