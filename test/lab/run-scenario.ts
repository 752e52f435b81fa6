import { setTimeout as wait } from 'node:timers/promises'
import type { Report, ReportAgent, ReportNode } from '@oddnode/protocol'
import { bootCluster } from './cluster/cluster.ts'
import type { Lab } from './cluster/lab.ts'
import { withinSeconds } from './cluster/quick.ts'
import { inWords, isExpected, openFindings, wrongNames } from './open-findings.ts'
import { keepRecording } from './recording.ts'
import type { Scenario } from './scenario.ts'
import { type Seen, until } from './until.ts'

/** What a scenario came to. */
export type Result = {
  scenario: Scenario
  /** It was named as expected, nothing else was, and it ended. */
  passed: boolean
  /** Seconds from the break until the finding was told, and from the cure until it had ended; null where that did not happen. */
  openSeconds: number | null
  closeSeconds: number | null
  /** Faults that were told and should not have been, each once. */
  wrong: string[]
  /** What went otherwise than expected, with what was seen; '' where it passed. */
  trouble: string
}

/** Two evaluations of the aggregator. */
const AND_STILL_SECONDS = 2.5

/**
 * Boots a cluster, breaks it, waits for what is expected, heals it and waits for its end.
 * @param recordAs where it passes, the recording is kept under this name
 */
export async function runScenario(scenario: Scenario, recordAs: string | null = null): Promise<Result> {
  const result: Result = { scenario, passed: false, openSeconds: null, closeSeconds: null, wrong: [], trouble: '' }
  let lab: Lab | null = null
  try {
    lab = await bootCluster(scenario.cluster)
    await scenario.prepare?.(lab)
    await untilWell(lab)
    await goThrough(scenario, lab, result)
    result.passed = result.wrong.length === 0
    if (result.passed && recordAs !== null) await keepRecording(lab, recordAs)
    if (!result.passed) result.trouble = `told besides: ${result.wrong.join(', ')}\n${result.trouble}`
  } catch (error) {
    result.trouble = `${error instanceof Error ? error.message : String(error)}\n${lab?.processes.said() ?? ''}`
  } finally {
    await lab?.close()
  }
  return result
}

async function goThrough(scenario: Scenario, lab: Lab, result: Result): Promise<void> {
  const watch = (report: Report) => {
    const wrong = wrongNames(scenario, report).filter((name) => !result.wrong.includes(name))
    if (wrong.length > 0) result.trouble += `${inWords(report)}\n`
    result.wrong.push(...wrong)
  }
  const { open = 1, close = 1 } = scenario.within ?? {}
  const findings = (report: Report) => (scenario.expect.ended ? report.findings : openFindings(report))
  const isTold = (report: Report) => findings(report).some((finding) => isExpected(scenario, finding))
  const isOver = (report: Report) =>
    openFindings(report).every(({ fault }) => fault !== scenario.fault && scenario.expect.beside?.includes(fault))

  await scenario.break(lab)
  const told = await until(lab, `${scenario.fault} is told`, open * withinSeconds.open, isTold, watch)
  result.openSeconds = told.seconds
  await wait(AND_STILL_SECONDS * 1000)
  await until(lab, 'it is still told', 1, isTold, watch)
  await scenario.heal(lab)
  const over = await until(lab, 'it has ended', close * withinSeconds.close, isOver, watch)
  result.closeSeconds = over.seconds
}

/** Until a fault is told, wherever. */
export const untilTold = (lab: Lab, fault: string): Promise<Seen> =>
  until(lab, `${fault} is told`, withinSeconds.open, (report) =>
    openFindings(report).some((finding) => finding.fault === fault),
  )

/** Everything reports, nothing fails, and what shows the ways is well. A late answer now and then is the machine's. */
export function untilWell(lab: Lab): Promise<Seen> {
  const agents = 2 * lab.layout.nodes.length
  const hasClock = ({ clock }: ReportNode) => lab.options.ntpServers === 0 || clock.offsetSeconds !== null
  return until(
    lab,
    'all is well',
    withinSeconds.well,
    ({ verdict, nodes }) =>
      verdict.agents.reporting === agents &&
      verdict.probes.failing === 0 &&
      nodes.every((node) => hasClock(node) && node.agents.every(isWell)),
  )
}

/** Servers that every agent asks in every round, over UDP and TCP: two of the cluster's ClusterIPs, two CoreDNS pods. */
const ASKED_AT_LEAST = 8

/** It goes by the aggregator's plan, and has enough samples of what that asks in every round. */
function isWell({ probes }: ReportAgent): boolean {
  const asked = probes.filter(({ question, variant }) => question === 'kubernetes' && variant === null)
  return asked.length >= ASKED_AT_LEAST && asked.every(({ state }) => state === 'ok')
}
