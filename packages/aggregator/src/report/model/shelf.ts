/** Keeps what was used last, and not more than there is room for. */
export type Shelf<K, V> = { get: (key: K) => V | undefined; put: (key: K, value: V) => void }

export function createShelf<K, V>(room: number): Shelf<K, V> {
  const kept = new Map<K, V>()
  const put = (key: K, value: V) => {
    kept.delete(key)
    kept.set(key, value)
    for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - room))) kept.delete(oldest)
  }
  return {
    get: (key) => {
      const value = kept.get(key)
      if (value !== undefined) put(key, value)
      return value
    },
    put,
  }
}
