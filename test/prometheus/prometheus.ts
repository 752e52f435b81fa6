// Debian's Prometheus as a process of its own, scraping each second.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../bench/servers.ts'

export type Sample = { metric: Record<string, string>; value: [number, string] }
export type FiringAlert = { labels: Record<string, string>; annotations: Record<string, string>; state: string }

export type Prometheus = {
  /** An instant query, as of now. @throws what Prometheus says of a wrong one */
  query: (expression: string) => Promise<Sample[]>
  /** Alerts that fire now. */
  firing: () => Promise<FiringAlert[]>
  /** Targets that are up. */
  up: () => Promise<number>
}

type Test = { teardown: (act: () => unknown) => void }

/**
 * @param folder an empty one
 * @param ports what is scraped, by job, all of it on loopback
 * @param rules text of a rule file
 */
export async function startPrometheus(
  t: Test,
  folder: string,
  ports: Readonly<Record<string, readonly number[]>>,
  rules: string,
): Promise<Prometheus> {
  writeFileSync(join(folder, 'rules.yaml'), rules)
  writeFileSync(join(folder, 'prometheus.yaml'), configuration(ports))
  const port = await freePort()
  const process = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  t.teardown(async () => {
    const ended = once(process, 'exit')
    process.kill('SIGTERM')
    await ended
  })
  const query = async (expression: string) =>
    (await ask<{ result: Sample[] }>(port, `query?${new URLSearchParams({ query: expression })}`)).result
  return {
    query,
    firing: async () => {
      const { alerts } = await ask<{ alerts: FiringAlert[] }>(port, 'alerts')
      return alerts.filter(({ state }) => state === 'firing')
    },
    up: async () => (await query('up == 1')).length,
  }
}

/** The chart's monitors set `honor_labels`, too: `node` is the node that a series tells of. */
function configuration(ports: Readonly<Record<string, readonly number[]>>): string {
  const jobs = Object.entries(ports).map(([job, ofJob]) => ({
    job_name: job,
    honor_labels: true,
    static_configs: [{ targets: ofJob.map((port) => `127.0.0.1:${port}`) }],
  }))
  // JSON is YAML.
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: jobs,
  })
}

async function ask<T>(port: number, path: string): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
  const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string }
  if (status !== 'success') throw new Error(`${path}: ${error}`)
  return data
}
