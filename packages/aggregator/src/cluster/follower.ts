import type { ListWatch } from '../kubernetes/list-watch.ts'

/** A list-watch whose subject is known only when others have answered. */
export type Follower<T> = {
  /** Follows what this key names from now on, and nothing where it is null; the same key goes on. */
  follow: (key: string | null) => void
  current: () => ListWatch<T> | null
  close: () => void
}

export function createFollower<T>(start: (key: string) => ListWatch<T>): Follower<T> {
  let followed: { key: string; watch: ListWatch<T> } | null = null
  function follow(key: string | null): void {
    if (followed?.key === (key ?? undefined)) return
    followed?.watch.close()
    followed = key === null ? null : { key, watch: start(key) }
  }
  return { follow, current: () => followed?.watch ?? null, close: () => follow(null) }
}
