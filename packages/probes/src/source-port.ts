import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Inclusive on both ends. */
export type PortRange = readonly [first: number, last: number]

/** Lets the kernel choose. */
export const ANY_PORT = 0

/**
 * The ports that this network namespace gives to clients: net.ipv4.ip_local_port_range (it holds for IPv6, too) without
 * net.ipv4.ip_local_reserved_ports.
 * @returns [] where they cannot be read
 */
export function readClientPorts(directory = '/proc/sys/net/ipv4'): PortRange[] {
  try {
    const range = readFileSync(`${directory}/ip_local_port_range`, 'utf8')
    return clientPorts(range, readFileSync(`${directory}/ip_local_reserved_ports`, 'utf8'))
  } catch {
    return []
  }
}

/**
 * @param range as the kernel writes it: `32768\t60999\n`
 * @param reserved as the kernel writes it: `8080,9100-9110\n`, ascending, may be empty
 */
export function clientPorts(range: string, reserved: string): PortRange[] {
  const [first = Number.NaN, last = Number.NaN] = range.trim().split(/\s+/).map(Number)
  const free: PortRange[] = []
  let next = first
  for (const [from, to] of portRanges(reserved)) {
    if (from > next) free.push([next, Math.min(from - 1, last)])
    next = Math.max(next, to + 1)
    if (next > last) break
  }
  if (next <= last) free.push([next, last])
  return free.filter(([from, to]) => from <= to)
}

function portRanges(list: string): PortRange[] {
  return list
    .trim()
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number)
      return [from, to]
    })
}

/**
 * Draws a source port, each with the same probability (RFC 6056 section 3.3.1); a CSPRNG, since a port that can be guessed helps to forge
 * an answer (RFC 5452 section 9.2).
 * @param random integers in [0, below)
 * @returns `ANY_PORT` if there is none to draw from
 */
export function drawPort(ranges: readonly PortRange[], random: (below: number) => number = randomInt): number {
  const count = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0)
  let left = count === 0 ? 0 : random(count)
  for (const [first, last] of ranges) {
    const size = last - first + 1
    if (left < size) return first + left
    left -= size
  }
  return ANY_PORT
}
