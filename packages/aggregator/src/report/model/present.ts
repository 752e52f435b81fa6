import type { Finding } from '@oddnode/protocol'
import type { Evaluation } from '../../evaluation.ts'
import type { Recorder } from '../../store/recorder.ts'
import { momentOfFleet } from './fleet-moment.ts'
import type { Moment } from './moment.ts'
import { createSummaries } from './node-summary.ts'
import { inSlices } from './slices.ts'
import { ENDED_SECONDS, MAX_ENDED } from './view.ts'

export type PresentOptions = {
  evaluation: Pick<Evaluation, 'fleet' | 'revision'>
  recorder: Pick<Recorder, 'endedFindings' | 'findingsRevision' | 'trouble'>
  cluster: string
  version: string
  /** Whether moments of the past can be asked for. */
  keepsPast: boolean
  /** Oddnode's own namespace; null where it is not known. */
  namespace: string | null
  /** Seconds on the aggregator's clock. */
  now: () => number
}

export type Present = {
  /** The present as of the last evaluation: the same object until there is another one, made once for all who ask meanwhile. */
  moment: () => Promise<Moment>
  /** Findings that ended in the last day, as far as they are committed. */
  ended: () => readonly Finding[]
}

/** Answer times of many nodes are gathered once in a round: they change with rounds. */
const LATENCY_SECONDS = 15
const FEW_NODES = 100

export function createPresent(options: PresentOptions): Present {
  const { evaluation, recorder, cluster, version, keepsPast, namespace } = options
  const { fleet } = evaluation
  const ended = endedReader(options)
  const summaries = createSummaries()
  let latency: { at: number; columns: Moment['latency'] } | null = null
  let latest: { revision: number; moment: Promise<Moment> } | undefined

  async function make(): Promise<Moment> {
    const storage = recorder.trouble()
    const picture = fleet.cluster ?? { checks: [], hidden: [] }
    // What has just ended is not committed yet.
    const justEnded = [...fleet.findings.values()].filter((finding) => finding.ended !== null)
    const view = { fleet, cluster, version, picture, storage, ended: [...ended(), ...justEnded] }
    const known = latency !== null && fleet.now - latency.at < LATENCY_SECONDS ? latency.columns : null
    const steps = momentOfFleet({
      ...view,
      past: false,
      keepsPast,
      namespace,
      summaries,
      latency: known,
      visit: (_node, look) => look(),
    })
    const moment = await inSlices(steps)
    if (known === null && moment.nodes.length > FEW_NODES) latency = { at: fleet.now, columns: moment.latency }
    return moment
  }

  return {
    ended,
    moment: () => {
      const revision = evaluation.revision()
      if (latest?.revision !== revision) latest = { revision, moment: make() }
      return latest.moment
    },
  }
}

const MINUTE_SECONDS = 60

/** What ended is read again when something ended, and each minute because the day moves on. */
function endedReader({ recorder, now }: PresentOptions): () => readonly Finding[] {
  let read: { revision: number; at: number; findings: readonly Finding[] } | undefined
  return () => {
    const revision = recorder.findingsRevision()
    const at = now()
    if (read === undefined || read.revision !== revision || at - read.at >= MINUTE_SECONDS) {
      read = { revision, at, findings: recorder.endedFindings(at - ENDED_SECONDS, MAX_ENDED) }
    }
    return read.findings
  }
}
