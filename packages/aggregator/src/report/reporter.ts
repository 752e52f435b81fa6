import type { Report } from '@oddnode/protocol'
import type { Evaluation } from '../evaluation.ts'
import type { Recorder } from '../store/recorder.ts'
import { reportJson, reportOf, type ViewInput } from './view.ts'

export type ReporterOptions = {
  evaluation: Evaluation
  recorder: Pick<Recorder, 'endedFindings' | 'trouble'>
  cluster: string
  version: string
}

/** Ended findings of the last day are on the report … */
const ENDED_SECONDS = 86_400
/** … but no more than these. */
const MAX_ENDED = 100

/** The report as of the last evaluation. */
export type Reporter = {
  /** Of at most `SHOWN_NODES` nodes. The same object until there is another evaluation. */
  current: () => Report
  /** Of all nodes, as pieces of JSON. */
  whole: () => Generator<string, void, void>
}

export function createReporter({ evaluation, recorder, cluster, version }: ReporterOptions): Reporter {
  const { fleet } = evaluation
  const inputOfNow = (): ViewInput => ({
    fleet,
    cluster,
    version,
    storage: recorder.trouble(),
    ended: recorder.endedFindings(fleet.now - ENDED_SECONDS, MAX_ENDED),
  })
  let latest: { revision: number; report: Report } | undefined
  return {
    current: () => {
      const revision = evaluation.revision()
      if (latest?.revision !== revision) latest = { revision, report: reportOf(inputOfNow()) }
      return latest.report
    },
    whole: () => reportJson(inputOfNow()),
  }
}
