/**
 * A 32-bit hash of a text (FNV-1a, its bits mixed once more as MurmurHash3 does), the same in every process: who asks what must not change
 * with a restart. For spreading, not for secrets.
 */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/**
 * Rendezvous hashing: the names that are chosen for a subject, the first choice first. When one comes or goes, the order of the others stays.
 * @param count how many are chosen at most, a few
 * @see https://en.wikipedia.org/wiki/Rendezvous_hashing
 */
export function byRendezvous<T extends { name: string }>(items: Iterable<T>, subject: string, count: number): T[] {
  let chosen: { item: T; score: number }[] = []
  for (const item of items) {
    const score = hash(`${subject} ${item.name}`)
    const last = chosen[count - 1]
    if (last !== undefined && last.score > score) continue
    chosen = [...chosen, { item, score }].sort(byScore).slice(0, count)
  }
  return chosen.map(({ item }) => item)
}

type Scored = { item: { name: string }; score: number }
const byScore = (a: Scored, b: Scored): number => b.score - a.score || (a.item.name < b.item.name ? -1 : 1)
