import { join } from 'node:path'
import { readText } from './text-file.ts'

/**
 * What this network namespace counted of UDP since it began: IPv4 by the names of /proc/net/snmp (`InErrors`), IPv6 by those of
 * /proc/net/snmp6 (`Udp6InErrors`).
 *
 * They are the kernel's unsigned longs and begin again with the namespace: a fall is a new beginning, not a negative rate.
 *
 * @returns undefined where neither can be read; a counter that this kernel does not have is absent
 */
export async function readUdpCounters(proc = '/proc'): Promise<Record<string, number> | undefined> {
  const [snmp, snmp6] = await Promise.all(['net/snmp', 'net/snmp6'].map((path) => readText(join(proc, path))))
  if (snmp === undefined && snmp6 === undefined) return undefined
  return { ...parseSnmpUdp(snmp ?? ''), ...parseSnmp6Udp(snmp6 ?? '') }
}

/** The two `Udp:` lines of /proc/net/snmp: names, then values. Kernels differ in how many. */
export function parseSnmpUdp(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith('Udp:'))
  const [names = [], values = []] = lines.map((line) => line.trim().split(/\s+/).slice(1))
  return counters(names.map((name, i) => [name, values[i]]))
}

/** The `Udp6` lines of /proc/net/snmp6: one name and one value each. */
export const parseSnmp6Udp = (text: string): Record<string, number> =>
  counters([...text.matchAll(/^(Udp6\S+)\s+(\S+)$/gm)].map(([, name = '', digits]) => [name, digits]))

const counters = (pairs: readonly (readonly [string, string | undefined])[]): Record<string, number> =>
  Object.fromEntries(
    pairs.flatMap(([name, digits]) => (digits !== undefined && /^\d+$/.test(digits) ? [[name, Number(digits)]] : [])),
  )
