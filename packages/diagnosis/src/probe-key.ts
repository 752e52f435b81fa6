import type { Plan } from '@oddnode/protocol'

/**
 * What makes a probe the same one on another node or in another plan: target, transport, question and how it is asked. The vantage is
 * the agent's.
 */
export function probeKey(plan: Plan, probe: number): string {
  const planned = plan.probes[probe]
  const target = plan.targets[planned?.target ?? -1]
  if (planned === undefined || target === undefined)
    throw new RangeError(`probe ${probe} of plan ${plan.id} has no target`)
  const { role, address, port } = target
  const { transport, question, size, sourcePort, edns, name } = planned
  const options = [size, sourcePort, edns?.udpPayloadSize, edns?.nsid, name, planned.port]
  return [role, address, port, transport, question, ...options].join(' ')
}

/** The keys of all probes of a plan, by index. */
export function probeKeys(plan: Plan): string[] {
  return plan.probes.map((_, probe) => probeKey(plan, probe))
}
