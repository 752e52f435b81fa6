import { resolve } from 'node:path'
import type { Finding, Report } from '@oddnode/protocol'
import type { Test } from 'tap'
import { helm, kubectl, now, sleep } from './commands.ts'

const chart = resolve(import.meta.dirname, '../../charts/oddnode')
/** Where the promise of the README puts it. */
export const NAMESPACE = 'oddnode'
const RELEASE = 'oddnode'
/** Further arguments of `helm install`, for a cluster that gets its images elsewhere: `--set agent.image.repository=…`. */
const given = (process.env['ODDNODE_HELM'] ?? '').split(' ').filter((word) => word !== '')

/** @throws if it exists: nothing of another's is touched */
export const createNamespace = (): Promise<string> => kubectl('create', 'namespace', NAMESPACE)

/** Whatever a test that failed has left. */
export async function remove(): Promise<void> {
  await helm('uninstall', RELEASE, '--namespace', NAMESPACE, '--ignore-not-found')
  await kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found')
}

/** As the README says, and no value set. */
export async function install(...args: string[]): Promise<void> {
  await helm('install', RELEASE, chart, '--namespace', NAMESPACE, ...given, ...args)
}

/** Installs it in a namespace of its own until the end of a test, and waits until all is well. @param args of `helm install` */
export async function installed(t: Test, ...args: string[]): Promise<void> {
  await createNamespace()
  t.teardown(remove)
  await install(...args)
  await until('all are well', 180, isWell)
}

/** @param args `--set NAME=VALUE`, on top of the values that are set already */
export async function upgrade(...args: string[]): Promise<void> {
  await helm('upgrade', RELEASE, chart, '--namespace', NAMESPACE, '--reset-then-reuse-values', ...args)
}

/** To the values and the chart before the last upgrade. */
export const rollback = (): Promise<string> => helm('rollback', RELEASE, '--namespace', NAMESPACE)

/** What is left of it is looked at before the namespace goes. */
export async function uninstall(): Promise<void> {
  await helm('uninstall', RELEASE, '--namespace', NAMESPACE, '--wait')
  await kubectl('--namespace', NAMESPACE, 'wait', '--for=delete', 'pods', '--all', '--timeout=90s')
}

/** The objects of the release as the chart rendered them. */
export const manifest = (): Promise<string> => helm('get', 'manifest', RELEASE, '--namespace', NAMESPACE)

/** @throws unless `helm test` passes */
export const helmTest = (): Promise<string> => helm('test', RELEASE, '--namespace', NAMESPACE)

/** Read through the API server, so that no port must be free here. @throws while the aggregator does not answer */
export async function report(): Promise<Report> {
  const service = `/api/v1/namespaces/${NAMESPACE}/services/oddnode-aggregator:http/proxy`
  return JSON.parse(await kubectl('get', '--raw', `${service}/report.json`)) as Report
}

/**
 * Polls the report until it is as wanted.
 * @returns it, and the seconds that it took
 * @throws with the last report, if it is not so within the time
 */
export async function until(
  what: string,
  withinSeconds: number,
  isWanted: (report: Report) => boolean,
): Promise<{ report: Report; seconds: number }> {
  const began = now()
  let last: unknown
  while (now() - began < withinSeconds) {
    try {
      const seen = await report()
      const seconds = now() - began
      if (isWanted(seen)) return { report: seen, seconds }
      last = summaryOf(seen)
    } catch (error) {
      last = (error as Error).message
    }
    await sleep(1)
  }
  throw new Error(`not within ${withinSeconds} s: ${what}\n${JSON.stringify(last, null, 1)}`)
}

export const openFindings = ({ findings }: Report): Finding[] => findings.filter(({ ended }) => ended === null)

/** Watches for a while. @returns every finding that was open at some time, once */
export const findingsWithin = (seconds: number): Promise<Finding[]> => findingsDuring(() => sleep(seconds))

/**
 * Watches while something is done; an aggregator that is replaced meanwhile is waited for.
 * @returns as `findingsWithin`, with what opened and ended between two looks
 * @throws where nothing was ever answered: that shows nothing
 */
export async function findingsDuring(act: () => Promise<void>): Promise<Finding[]> {
  const seen = new Map<string, Finding>()
  let endedBefore: Set<string> | null = null
  let isOver = false
  const watch = async () => {
    while (!isOver) {
      const told = await report().then(
        ({ findings }) => findings,
        () => null,
      )
      endedBefore ??= told && new Set(told.filter(({ ended }) => ended !== null).map(({ id }) => id))
      for (const finding of told ?? [])
        if (finding.ended === null || endedBefore?.has(finding.id) === false) seen.set(finding.id, finding)
      await sleep(2)
    }
    if (endedBefore === null) throw new Error('no report was answered meanwhile')
  }
  const end = () => {
    isOver = true
  }
  await Promise.all([act().finally(end), watch()])
  return [...seen.values()]
}

/** Both vantages of every node report, and every node is well. */
export const isWell = ({ verdict, nodes }: Report): boolean =>
  verdict.agents.expected > 0 &&
  verdict.agents.reporting === verdict.agents.expected &&
  nodes.every(({ state, agents }) => state === 'ok' && agents.length === 2)

/** Both vantages of every node report, and nothing is found. What was broken a minute ago is degraded still, where it is asked rarely. */
export const isQuiet = (seen: Report): boolean =>
  seen.verdict.agents.expected > 0 &&
  seen.verdict.agents.reporting === seen.verdict.agents.expected &&
  openFindings(seen).length === 0

function summaryOf({ verdict, findings, nodes }: Report) {
  return {
    verdict,
    findings: findings.map(({ fault, story, since, ended }) => ({ fault, story, since, ended })),
    nodes: nodes.map(({ name, state, agents }) => ({ name, state, vantages: agents.map(({ vantage }) => vantage) })),
  }
}
