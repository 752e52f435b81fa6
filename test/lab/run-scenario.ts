import { setTimeout as wait } from 'node:timers/promises'
import type { Report } from '@oddnode/protocol'
import { bootCluster } from './cluster/cluster.ts'
import type { Lab } from './cluster/lab.ts'
import { withinSeconds } from './cluster/quick.ts'
import { coveredFindings, inWords, isExpected, openFindings, wrongNames } from './open-findings.ts'
import { keepRecording, recordedFindings } from './recording.ts'
import type { Scenario } from './scenario.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'

/** What a scenario came to. */
export type Result = {
  scenario: Scenario
  /** The cluster was well, and the fault was made to happen. */
  made: boolean
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

/** The file that the recording is kept in, null for none: where the scenario passes, and where it does not. */
export type KeepIn = { passed: string | null; failed: string | null }

/** Boots a cluster, breaks it, waits for what is expected, heals it and waits for its end. */
export async function runScenario(
  scenario: Scenario,
  keepIn: KeepIn = { passed: null, failed: null },
): Promise<Result> {
  const seen = { openSeconds: null, closeSeconds: null, wrong: [], trouble: '' }
  const result: Result = { scenario, made: false, passed: false, ...seen }
  let lab: Lab | null = null
  try {
    lab = await startInTurn(scenario)
    await scenario.prepare?.(lab)
    await untilWell(lab)
    await goThrough(scenario, lab, result)
    result.passed = result.wrong.length === 0
    if (!result.passed) result.trouble = `told besides: ${result.wrong.join(', ')}\n${result.trouble}`
  } catch (error) {
    result.trouble = `${error instanceof Error ? error.message : String(error)}\n${lab?.processes.said() ?? ''}`
  } finally {
    const file = result.passed ? keepIn.passed : keepIn.failed
    if (lab !== null && file !== null) await keepRecording(lab, file)
    await lab?.close()
  }
  return result
}

let lastStart: Promise<unknown> = Promise.resolve()

/** One after the other: a dozen programs that load at once take every processor, and clusters beside them would measure that. */
function startInTurn({ cluster }: Scenario): Promise<Lab> {
  const started = Promise.allSettled([lastStart]).then(() => start(cluster))
  lastStart = started
  return started
}

/** Boots a cluster, and waits until its aggregator answers. */
async function start(options: Scenario['cluster']): Promise<Lab> {
  const lab = await bootCluster(options)
  try {
    await until(lab, 'the aggregator answers', withinSeconds.well, () => true)
    return lab
  } catch (error) {
    await lab.close()
    throw error
  }
}

async function goThrough(scenario: Scenario, lab: Lab, result: Result): Promise<void> {
  const watch = (report: Report) => {
    const wrong = wrongNames(scenario, report).filter((name) => !result.wrong.includes(name))
    if (wrong.length > 0) result.trouble += `${inWords(report)}\n`
    result.wrong.push(...wrong)
  }
  const { open = 1, close = 1 } = scenario.within ?? {}
  const findings = (report: Report) => {
    if (scenario.expect.isCovered) return coveredFindings(report, recordedFindings(lab))
    return scenario.expect.ended ? report.findings : openFindings(report)
  }
  const isTold = (report: Report) => findings(report).some((finding) => isExpected(scenario, finding))
  const isOver = (report: Report) =>
    openFindings(report).every(({ fault }) => fault !== scenario.fault && scenario.expect.beside?.includes(fault))

  await scenario.break(lab)
  result.made = true
  const told = await until(lab, `${scenario.fault} is told`, open * withinSeconds.open, isTold, watch)
  result.openSeconds = told.seconds
  await wait(AND_STILL_SECONDS * 1000)
  const still = await until(lab, 'there is a report', withinSeconds.well, () => true, watch)
  if (!isTold(still.report)) throw new Error(`it is not told any more\n${inWords(still.report)}`)
  await scenario.heal(lab)
  const over = await until(lab, 'it has ended', close * withinSeconds.close, isOver, watch)
  result.closeSeconds = over.seconds
}
