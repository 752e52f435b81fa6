import type { Thresholds } from '@oddnode/diagnosis'
import type { Recorder } from '../../store/recorder.ts'
import type { Past } from '../../store/store.ts'
import type { Beside } from './clock-comparison.ts'
import type { Moment } from './moment.ts'
import type { NoMoment } from './no-moment.ts'
import { momentOfPast, pastNode } from './past-moment.ts'
import { createShelf } from './shelf.ts'
import { inSlices } from './slices.ts'

export type PastOptions = {
  recorder: Pick<Recorder, 'past' | 'trouble'>
  thresholds: Thresholds
  cluster: string
  version: string
  retentionDays: number
  /** Whether somebody tells what the cluster is. */
  discovers: boolean
  /** Seconds on the aggregator's clock. */
  now: () => number
}

/** What was told in the past. Times are in seconds on the aggregator's clock. */
export type PastReader = {
  moment: (at: number) => Promise<Moment | NoMoment>
  /** Nodes of a moment one by one, without the work of all the others. */
  nodes: (at: number) => Beside | NoMoment
}

const DAY_SECONDS = 86_400
/** What falls silent is noted up to a minute later, back to when it was heard last: until then a moment may change. */
const SETTLED_SECONDS = 120
/** Moments that are kept: readers of one page follow its links. */
const KEPT_MOMENTS = 4

export function createPastReader(options: PastOptions): PastReader {
  const { recorder, thresholds, cluster, version, discovers, now } = options
  const kept = createShelf<number, Moment>(KEPT_MOMENTS)
  const making = new Map<number, Promise<Moment | NoMoment>>()
  let queue: Promise<unknown> = Promise.resolve()

  function pastAt(at: number): Past | NoMoment {
    const none = outOfReach(at, options)
    if (none !== null) return none
    const past = recorder.past(at)
    return 'why' in past ? { ...past, trouble: recorder.trouble() } : past
  }

  async function make(at: number): Promise<Moment | NoMoment> {
    const known = kept.get(at)
    if (known !== undefined) return known
    const past = pastAt(at)
    if ('why' in past) return past
    const moment = await inSlices(momentOfPast(past, { cluster, version, thresholds, discovers }))
    if (now() - at >= SETTLED_SECONDS) kept.put(at, moment)
    return moment
  }

  return {
    // One after the other: each takes seconds of a large cluster, and readers of the present go before.
    moment: (at) => {
      const known = making.get(at)
      if (known !== undefined) return known
      const made = queue.then(() => make(at)).finally(() => making.delete(at))
      making.set(at, made)
      queue = made.catch(() => undefined)
      return made
    },
    nodes: (at) => {
      const past = pastAt(at)
      if ('why' in past) return past
      return { node: (name) => pastNode(past, thresholds, name), candidates: () => namesOf(past) }
    },
  }
}

function* namesOf(past: Past): Generator<string> {
  for (const { name } of past.nodes()) yield name
}

/** Moments that nobody needs to look for. */
function outOfReach(at: number, { now, retentionDays, recorder }: PastOptions): NoMoment | null {
  const present = now()
  const earliest = present - retentionDays * DAY_SECONDS
  const trouble = recorder.trouble()
  // Whole milliseconds are told: one that is not over yet is no future.
  if (at > present + 0.001) return { why: 'future', before: present, after: null, trouble }
  return at < earliest ? { why: 'forgotten', before: null, after: earliest, trouble } : null
}
