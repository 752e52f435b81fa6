import { type FleetAgent, machineChecks, resolvConfChecks } from '@oddnode/diagnosis'
import type { Cluster } from '@oddnode/protocol'

/** Of a fleet: its nodes by name, and its agents. */
type Known = {
  nodes: ReadonlyMap<string, unknown>
  agents: ReadonlyMap<string, Pick<FleetAgent, 'vantage' | 'facts'>>
}

/**
 * The checks that a machine answers of itself, as `oddnode check` does, where nobody tells what the cluster is. Several machines have
 * none: which of them an answer is about is what the Kubernetes API would tell.
 */
export function pictureOfLoneMachine({ nodes, agents }: Known): Pick<Cluster, 'checks' | 'hidden'> {
  const hidden = nodes.size === 0 ? [] : [HIDDEN]
  const known = [...agents.values()].filter(({ facts }) => facts !== null)
  const agent = known.find(({ vantage }) => vantage === 'host') ?? known[0]
  if (nodes.size !== 1 || !agent?.facts) return { checks: [], hidden }
  const { vantage, facts } = agent
  const { resolvConf, localAddresses = null } = facts
  const standing = { vantage, handedOn: null, nodeLocalAddresses: localAddresses }
  const ofFile = resolvConf === undefined ? [] : resolvConfChecks({ ...standing, resolvConf })
  return { checks: [...ofFile, ...machineChecks(facts, vantage)], hidden }
}

const HIDDEN =
  'The Kubernetes API is not asked: CoreDNS pods, their Service, EndpointSlices, rights and logs do not show here.'
