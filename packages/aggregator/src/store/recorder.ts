import type { Remembered } from '@oddnode/diagnosis'
import { createMemoryStore } from './memory-store.ts'
import { type Batch, emptyBatch, type Store } from './store.ts'
import { StoreError } from './store-error.ts'

/**
 * Writes what changed, in groups: the first change of a group starts its time, and all of the group are one transaction. Where the
 * data file fails, everything goes on from memory, and the file is tried again until it is well.
 */
export type Recorder = {
  /** Adds to the present group. */
  record: (part: Partial<Batch>) => void
  /** Resolves when all that was recorded so far is committed, or is known to stay in memory. Null if nothing is waiting. */
  committed: () => Promise<void> | null
  /** What keeps the aggregator from remembering, in one sentence with the way on; null while all is well. */
  trouble: () => string | null
  endedFindings: Store['endedFindings']
  finding: Store['finding']
  /** What was known at a moment, all that was recorded so far included. */
  past: Store['past']
  prune: Store['prune']
  /** Grows when a finding is committed. */
  findingsRevision: () => number
  /** Rows that wait for the present group's commit. */
  waiting: () => number
  /** Commits what is waiting and closes the file. */
  close: () => void
}

export type RecorderOptions = {
  /** Opens the data file. @throws StoreError */
  open: () => Store
  /** All that is known now, for a data file that missed some of it. */
  snapshot: () => Batch
  /** Called with what the file remembers: at once, or when it can be read. @throws StoreError for what cannot be, and then leaves nothing of it */
  restore: (remembered: Remembered) => void
  /** Called when the trouble changes, with its sentence or null. */
  onTrouble: (sentence: string | null) => void
  /** Called after each commit that worked. */
  onCommit: (seconds: number) => void
  groupMilliseconds: number
  retryMilliseconds: number
  /** Seconds on the aggregator's clock. */
  now: () => number
  /** Since when it has listened without a break, on that clock. */
  listeningSince: () => number
}

export function createRecorder(options: RecorderOptions): Recorder {
  const memory = createMemoryStore()
  let group = emptyBatch()
  let rows = 0
  let groupTimer: NodeJS.Timeout | undefined
  let retryTimer: NodeJS.Timeout | undefined
  let waiting: PromiseWithResolvers<void> | undefined
  let trouble: string | null = null
  let file: Store | null = null
  let everLoaded = false
  let findingsRevision = 0

  /** Does something with the file; after a failure goes on from memory. @returns undefined if it failed */
  function attempt<T>(act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      fail(error)
      return undefined
    }
  }

  function fail(error: StoreError): void {
    try {
      file?.close()
    } catch {
      // The file is given up in any case; the first error says why.
    }
    file = null
    retryTimer = setTimeout(reopen, options.retryMilliseconds).unref()
    if (trouble !== error.message) options.onTrouble(error.message)
    trouble = error.message
  }

  const span = () => ({ at: options.now(), listeningSince: options.listeningSince() })

  function openAndLoad(): void {
    const opened = options.open()
    file = opened
    if (everLoaded) return
    options.restore(opened.load())
    everLoaded = true
  }

  function reopen(): void {
    attempt(() => {
      openAndLoad()
      file?.commit({ ...options.snapshot(), ...span(), whole: true })
      trouble = null
      findingsRevision++
      options.onTrouble(null)
    })
  }

  function flush(): void {
    clearTimeout(groupTimer)
    groupTimer = undefined
    const batch = { ...group, ...span() }
    group = emptyBatch()
    rows = 0
    const startedAt = options.now()
    if (file) attempt(() => file?.commit(batch))
    if (file) options.onCommit(options.now() - startedAt)
    if (batch.findings.length > 0) findingsRevision++
    // Ended findings are kept here too, for the time when the file cannot be read.
    memory.commit(batch)
    waiting?.resolve()
    waiting = undefined
  }

  attempt(openAndLoad)

  return {
    record: (part) => {
      rows += append(group, part)
      groupTimer ??= setTimeout(flush, options.groupMilliseconds)
    },
    committed: () => {
      if (!groupTimer) return null
      waiting ??= Promise.withResolvers<void>()
      return waiting.promise
    },
    trouble: () => trouble,
    endedFindings: (since, limit) =>
      (file && attempt(() => file?.endedFindings(since, limit))) ?? memory.endedFindings(since, limit),
    finding: (id) => (file && attempt(() => file?.finding(id))) ?? memory.finding(id),
    past: (at) => {
      if (groupTimer) flush()
      return (file && attempt(() => file?.past(at))) ?? { why: 'unreadable', before: null, after: null }
    },
    prune: (before) => {
      memory.prune(before)
      if (file) attempt(() => file?.prune(before))
    },
    findingsRevision: () => findingsRevision,
    waiting: () => rows,
    close: () => {
      flush()
      clearTimeout(retryTimer)
      if (file) attempt(() => file?.close())
      file = null
      clearTimeout(retryTimer)
    },
  }
}

const lists = [
  'plans',
  'agents',
  'replanned',
  'states',
  'changes',
  'agentChanges',
  'nodeChanges',
  'pictures',
  'facts',
  'clocks',
  'findings',
] as const

/** @returns the number of rows that were added */
function append(group: Batch, part: Partial<Batch>): number {
  const target: Record<(typeof lists)[number], unknown[]> = group
  let added = 0
  for (const name of lists) {
    const more = part[name] ?? []
    for (const row of more) target[name].push(row)
    added += more.length
  }
  return added
}
