import { join } from 'node:path'
import type { Facts } from '@oddnode/protocol'
import { readText } from './text-file.ts'

export type ConntrackFact = NonNullable<Facts['conntrack']>

/** Every row repeats the size of the whole table in this column: a sum of it means nothing, and `entries` has it. */
const REPEATED_COLUMN = 'entries'

/**
 * The connection tracking table of this network namespace: how full it is, and what it counted since boot.
 * @returns undefined where nothing of it can be read (no nf_conntrack, or no right to); null or {} for the part that cannot
 */
export async function readConntrack(proc = '/proc'): Promise<ConntrackFact | undefined> {
  const [count, max, counters] = await Promise.all(
    ['sys/net/netfilter/nf_conntrack_count', 'sys/net/netfilter/nf_conntrack_max', 'net/stat/nf_conntrack'].map(
      (path) => readText(join(proc, path)),
    ),
  )
  if (count === undefined && max === undefined && counters === undefined) return undefined
  return { entries: numberOf(count), max: numberOf(max), counters: parseConntrackCounters(counters ?? '') }
}

/**
 * /proc/net/stat/nf_conntrack: a header and one row per CPU, in hexadecimal. The columns differ between kernels, so they go by
 * their names. Each is summed over the CPUs.
 *
 * A CPU's counter has 32 bits and wraps by itself, so that a sum may fall by 2^32, or to nothing when the module is loaded again:
 * whoever takes differences must treat a fall as "unknown since then".
 */
export function parseConntrackCounters(text: string): Record<string, number> {
  const [header = '', ...rows] = text.trim().split('\n')
  const names = header.trim().split(/\s+/).filter(Boolean)
  const columns = rows.map((row) =>
    row
      .trim()
      .split(/\s+/)
      .map((digits) => Number.parseInt(digits, 16)),
  )
  const sums = names.map((name, i) => [name, columns.reduce((sum, row) => sum + (row[i] ?? Number.NaN), 0)] as const)
  return Object.fromEntries(
    sums.filter(([name, sum]) => name !== REPEATED_COLUMN && rows.length > 0 && !Number.isNaN(sum)),
  )
}

function numberOf(text: string | undefined): number | null {
  const value = Number.parseInt(text ?? '', 10)
  return Number.isNaN(value) ? null : value
}
