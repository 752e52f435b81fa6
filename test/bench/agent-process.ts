// The agent as it ships: compiled, with the flags of its image.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type CleanUps, folder, start } from './servers.ts'

const main = join(import.meta.dirname, '../../packages/agent/dist/main.js')

export type AgentProcess = {
  pid: number
  metrics: () => Promise<string>
  /** Every line of its log from now on. */
  onLine: (listen: (line: string) => void) => void
  stop: () => Promise<void>
}

/** @throws if the build is missing, or the agent does not start */
export async function startAgent(
  clean: CleanUps,
  flags: string[],
  aggregator: string,
  more: string[] = [],
): Promise<AgentProcess> {
  if (!existsSync(main)) throw new Error('packages/agent/dist is missing: run npm run build first')
  const { child, pid } = start(
    clean,
    process.execPath,
    [
      ...flags,
      main,
      '--node=bench',
      '--listen.port=0',
      `--paths.etc=${folder(clean)}`,
      `--aggregator=${aggregator}`,
      ...more,
    ],
    'pipe',
  )
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  const [first] = (await once(lines, 'line')) as [string]
  const { port } = JSON.parse(first) as { port: number }
  lines.on('line', () => undefined)
  return {
    pid,
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    onLine: (listen) => void lines.on('line', listen),
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** Probes so far, by outcome. */
export function probesOf(metrics: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [, outcome = '', count] of metrics.matchAll(
    /^oddnode_probe_outcomes_total\{.*outcome="([^"]+)".*\} (\d+)$/gm,
  )) {
    counts[outcome] = (counts[outcome] ?? 0) + Number(count)
  }
  return counts
}
