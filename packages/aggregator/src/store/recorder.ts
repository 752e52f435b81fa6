import type { Remembered } from '@oddnode/diagnosis'
import { createMemoryStore } from './memory-store.ts'
import { type Batch, emptyBatch, type Store } from './store.ts'
import { StoreError } from './store-error.ts'

/**
 * Writes what changed, in groups: the first change of a group starts its time, and all of the group are one transaction. Where the
 * data file fails, everything goes on from memory, and the file is tried again until it is well.
 */
export type Recorder = {
  /** What the data file remembered, if it could be read at the start. */
  remembered: Remembered | null
  /** Adds to the present group. */
  record: (part: Partial<Batch>) => void
  /** Resolves when all that was recorded so far is committed, or is known to stay in memory. Null if nothing is waiting. */
  committed: () => Promise<void> | null
  /** What keeps the aggregator from remembering, in one sentence with the way on; null while all is well. */
  trouble: () => string | null
  endedFindings: Store['endedFindings']
  prune: Store['prune']
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
  /** Called with what a file remembers that could not be read at the start and can now. */
  onLateMemory: (remembered: Remembered) => void
  /** Called when the trouble changes, with its sentence or null. */
  onTrouble: (sentence: string | null) => void
  /** Called after each commit that worked. */
  onCommit: (seconds: number) => void
  groupMilliseconds: number
  retryMilliseconds: number
  /** Seconds on a monotonic clock. */
  now: () => number
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

  function openAndLoad(): Remembered | null {
    const opened = options.open()
    file = opened
    if (everLoaded) return null
    const remembered = opened.load()
    everLoaded = true
    return remembered
  }

  function reopen(): void {
    attempt(() => {
      const remembered = openAndLoad()
      if (remembered) options.onLateMemory(remembered)
      file?.commit({ ...options.snapshot(), whole: true })
      trouble = null
      options.onTrouble(null)
    })
  }

  function flush(): void {
    clearTimeout(groupTimer)
    groupTimer = undefined
    const batch = group
    group = emptyBatch()
    rows = 0
    const startedAt = options.now()
    if (file) attempt(() => file?.commit(batch))
    if (file) options.onCommit(options.now() - startedAt)
    // Ended findings are kept here too, for the time when the file cannot be read.
    memory.commit(batch)
    waiting?.resolve()
    waiting = undefined
  }

  const remembered = attempt(openAndLoad) ?? null

  return {
    remembered,
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
    prune: (before) => {
      memory.prune(before)
      if (file) attempt(() => file?.prune(before))
    },
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

const lists = ['plans', 'agents', 'replanned', 'states', 'changes', 'facts', 'clocks', 'findings'] as const

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
