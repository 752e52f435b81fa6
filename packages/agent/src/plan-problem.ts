import { isIP } from 'node:net'
import { isDnsName, type Plan } from '@oddnode/protocol'

/**
 * What no schema says of a plan, but a probe relies on: addresses instead of names, names that DNS can carry, indexes that exist.
 * @returns the first thing that is wrong, or null
 */
export function planProblem({ targets, ntp, names, probes, deadlineSeconds, closeSeconds }: Plan): string | null {
  const address = [...targets, ...ntp].find((server) => isIP(server.address) === 0)?.address
  if (address !== undefined) return `"${address}" is no address`
  const uses = ['clusterDomain', 'namespace', 'external', 'canary'] as const
  const name =
    uses.flatMap((use) => (names[use] !== null && !isDnsName(names[use], use) ? names[use] : []))[0] ??
    probes.find((probe) => probe.name !== undefined && !isDnsName(probe.name, 'external'))?.name
  if (name !== undefined) return `"${name}" is no name that DNS can carry`
  if (closeSeconds < deadlineSeconds)
    return `a socket is closed after ${closeSeconds} s, an answer is late after ${deadlineSeconds} s`
  const lost = probes.findIndex((probe) => probe.target >= targets.length)
  return lost >= 0 ? `probe ${lost} asks target ${probes[lost]?.target} of ${targets.length}` : null
}
