import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type KubernetesApi } from './api.ts'
import { backOffSeconds } from './back-off.ts'
import { linesOf } from './lines.ts'
import type { KubernetesObject } from './objects.ts'

/** Objects of one kind, kept as the API has them. */
export type ListWatch<T> = {
  /** What is kept of each object, by namespace and name; as of the last answer. */
  items: ReadonlyMap<string, T>
  /** All objects were listed at least once. */
  isListed: () => boolean
  /** The API refuses to list them: waiting for it would be in vain. */
  isDenied: () => boolean
  /** Why it does not follow now, in the API's words; null while it does. */
  trouble: () => string | null
  close: () => void
}

export type ListWatchOptions<O extends KubernetesObject, T> = {
  api: KubernetesApi
  /** `/api/v1/nodes`, without query. */
  path: string
  labelSelector?: string
  fieldSelector?: string
  /** What is worth keeping of an object; null: nothing. */
  keep: (object: O) => T | null
  /** What is kept changed, or the trouble did. */
  onChange: () => void
}

/** Objects of one page: some 10 KiB each. */
const PAGE = 250
const LIST_SECONDS = 30
/** The API server ends a watch after this, drawn from 100 to 200 % so that not all watches start anew together … */
const WATCH_SECONDS = 45
/** … and where that end does not come, the API hangs: it is made this much later. So is one that does not begin. */
const GRACE_SECONDS = 10
/** What a watch may have missed is mended by a list. */
const RESYNC_SECONDS = 1800
/** What is denied stays so until somebody changes it. */
const DENIED_SECONDS = 60

const GONE = 410

/**
 * Lists, then watches from where the list ended, for ever: what cannot be reached is tried again with growing pauses, and a watch that is
 * too far behind lists again. Objects that went while nobody watched are noticed by the next list.
 */
export function listWatch<O extends KubernetesObject, T>(options: ListWatchOptions<O, T>): ListWatch<T> {
  const { onChange } = options
  const stop = new AbortController()
  const items = new Map<string, T>()
  let isListed = false
  let trouble: string | null = null
  let failures = 0
  let isDeniedNow = false

  function settle(sentence: string | null): void {
    if (trouble === sentence) return
    trouble = sentence
    onChange()
  }

  /** A connection that breaks once is nothing to tell of; what is denied is. */
  function failed(error: unknown): void {
    failures++
    isDeniedNow = isDenied(error)
    if (failures > 1 || isDenied(error)) settle(reasonOf(error))
  }

  async function step(position: Position | null): Promise<Position | null> {
    if (position === null) {
      const { listed, version } = await listAll(options, stop.signal)
      const changed = replaceAll(items, listed)
      if (changed || !isListed) {
        isListed = true
        onChange()
      }
      return { version, listedAt: performance.now() }
    }
    await watchFrom(options, position, items, stop.signal, () => {
      failures = 0
      isDeniedNow = false
      settle(null)
    })
    return performance.now() - position.listedAt > RESYNC_SECONDS * 1000 ? null : position
  }

  async function follow(): Promise<void> {
    let position: Position | null = null
    while (!stop.signal.aborted) {
      const isWatch: boolean = position !== null
      let pause = isWatch ? backOffSeconds(1) : 0
      try {
        position = await step(position)
      } catch (error) {
        if (error instanceof ApiError && error.status === GONE) position = null
        else failed(error)
        pause = pauseSeconds(error, Math.max(failures, 1))
      }
      await sleep(1000 * pause, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  void follow()
  return {
    items,
    isListed: () => isListed,
    isDenied: () => isDeniedNow,
    trouble: () => trouble,
    close: () => stop.abort(),
  }
}

/** Where a watch goes on from; moves on with every event. */
type Position = { version: string; listedAt: number }

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`

function query({ path, labelSelector, fieldSelector }: Selection, parameters: Record<string, string>): string {
  const search = new URLSearchParams(parameters)
  if (labelSelector !== undefined) search.set('labelSelector', labelSelector)
  if (fieldSelector !== undefined) search.set('fieldSelector', fieldSelector)
  return `${path}?${search}`
}

type Selection = Pick<ListWatchOptions<KubernetesObject, unknown>, 'path' | 'labelSelector' | 'fieldSelector'>

type Page<O> = { items?: O[]; metadata?: { resourceVersion?: string; continue?: string } }

async function listAll<O extends KubernetesObject, T>(
  options: ListWatchOptions<O, T>,
  signal: AbortSignal,
): Promise<{ listed: Map<string, T>; version: string }> {
  const listed = new Map<string, T>()
  let page: Page<O> = {}
  do {
    const next = page.metadata?.continue
    const path = query(options, { limit: String(PAGE), ...(next ? { continue: next } : {}) })
    page = (await options.api.ask({ path, timeoutSeconds: LIST_SECONDS, signal })) as Page<O>
    for (const object of page.items ?? []) {
      const kept = options.keep(object)
      if (kept !== null) listed.set(keyOf(object), kept)
    }
  } while (page.metadata?.continue)
  return { listed, version: page.metadata?.resourceVersion ?? '' }
}

/** @returns whether anything is different now */
function replaceAll<T>(items: Map<string, T>, listed: ReadonlyMap<string, T>): boolean {
  let changed = false
  for (const key of [...items.keys()]) if (!listed.has(key)) changed = items.delete(key) || changed
  for (const [key, kept] of listed) changed = put(items, key, kept) || changed
  return changed
}

/** @returns whether this is not what was kept */
function put<T>(items: Map<string, T>, key: string, kept: T | null): boolean {
  if (kept === null) return items.delete(key)
  const known = items.get(key)
  if (known !== undefined && JSON.stringify(known) === JSON.stringify(kept)) return false
  items.set(key, kept)
  return true
}

/** Resolves when the API ends the watch in good order. */
async function watchFrom<O extends KubernetesObject, T>(
  options: ListWatchOptions<O, T>,
  position: Position,
  items: Map<string, T>,
  signal: AbortSignal,
  onOpen: () => void,
): Promise<void> {
  const seconds = Math.round(WATCH_SECONDS * (1 + Math.random()))
  const path = query(options, {
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: position.version,
    timeoutSeconds: String(seconds),
  })
  const timeoutSeconds = seconds + GRACE_SECONDS
  const pieces = await options.api.stream({ path, timeoutSeconds, answerSeconds: GRACE_SECONDS, signal })
  onOpen()
  for await (const line of linesOf(pieces)) {
    const { type, object } = JSON.parse(line) as WatchEvent<O>
    if (type === 'ERROR') throw new ApiError(object.message ?? 'the watch failed', object.code ?? null)
    position.version = object.metadata?.resourceVersion ?? position.version
    if (type === 'BOOKMARK') continue
    if (put(items, keyOf(object), type === 'DELETED' ? null : options.keep(object))) options.onChange()
  }
}

type WatchEvent<O> = { type: string; object: O & { code?: number; message?: string } }

function pauseSeconds(error: unknown, failures: number): number {
  if (isDenied(error)) return DENIED_SECONDS
  const retryAfterSeconds = error instanceof ApiError ? error.retryAfterSeconds : null
  return Math.max(retryAfterSeconds ?? 0, backOffSeconds(failures))
}

/** Forbidden, or a kind of object that this API does not have. */
const isDenied = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 403 || error.status === 404)

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
