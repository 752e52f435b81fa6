import type { Finding } from '@oddnode/protocol'
import type { Evaluation } from '../../evaluation.ts'
import type { Recorder } from '../../store/recorder.ts'
import { momentOfFleet } from './fleet-moment.ts'
import { pictureOfLoneMachine } from './lone-machine.ts'
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
  /** Whether somebody tells what the cluster is. */
  discovers: boolean
  /** Oddnode's own namespace; null where it is not known. */
  namespace: string | null
  /** Seconds on the aggregator's clock. */
  now: () => number
}

export type Present = {
  /**
   * The present as of the last evaluation: the same object until there is another one, made once for all who ask meanwhile. Of a fleet
   * so large that this takes long, readers get the one from a few seconds ago at once while the next is made.
   */
  moment: () => Promise<Moment>
  /** Findings that ended in the last day, as far as they are committed. */
  ended: () => readonly Finding[]
}

/** Answer times of many nodes are gathered once in a round: they change with rounds. */
const LATENCY_SECONDS = 15
const FEW_NODES = 100

/** What takes this long to make is not waited for, as long as the one before is not older than that. */
const LONG_SECONDS = 0.05
const OLDEST_SECONDS = 10
/** It is followed by a rest of so many times what it took: readers leave time for pushes. */
const REST = 4

export function createPresent(options: PresentOptions): Present {
  const { evaluation, recorder, cluster, version, keepsPast, discovers, namespace, now } = options
  const { fleet } = evaluation
  const ended = endedReader(options)
  const summaries = createSummaries()
  let latency: { at: number; columns: Moment['latency'] } | null = null
  let made: Made | null = null
  let making: Promise<Moment> | null = null

  async function make(): Promise<Moment> {
    const storage = recorder.trouble()
    const picture = fleet.cluster ?? (discovers ? { checks: [], hidden: [] } : pictureOfLoneMachine(fleet))
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

  async function makeNext(): Promise<Moment> {
    const revision = evaluation.revision()
    const startedAt = now()
    try {
      const moment = await make()
      made = { moment, revision, at: startedAt, seconds: now() - startedAt }
      return moment
    } finally {
      making = null
    }
  }

  return {
    ended,
    moment: async () => {
      if (made?.revision === evaluation.revision()) return made.moment
      const known = made !== null && made.seconds >= LONG_SECONDS && now() - made.at <= OLDEST_SECONDS ? made : null
      if (known !== null && now() - known.at < (1 + REST) * known.seconds) return known.moment
      making ??= makeNext()
      if (known === null) return making
      // Whoever asks once this one is too old is told what went wrong.
      making.catch(() => {})
      return known.moment
    },
  }
}

type Made = {
  moment: Moment
  /** Of the evaluation that it began with. */
  revision: number
  /** When that was, in seconds on the aggregator's clock, and how long it took. */
  at: number
  seconds: number
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
