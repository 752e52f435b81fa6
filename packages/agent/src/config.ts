import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { isDnsName, MAX_PROBES, MAX_TARGETS, parseAddress } from '@oddnode/protocol'
import { checkOf } from '@oddnode/protocol/checks'
import { type LoadedConfiguration, loadConfiguration } from '@oddnode/protocol/configuration'
import { isPushUrl } from './aggregator-address.ts'
import type { AgentConfig } from './config-schema.ts'
import { fallbackPlan, type Sight, usualNodeLocalAddresses } from './fallback-plan.ts'
import generatedCheck, { schema } from './generated/check-config.ts'

export type ConfigSources = {
  /** The command line without interpreter and script. */
  arguments: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
  readFile: (path: string) => string
}

/**
 * The agent's configuration from defaults < file < environment < flags.
 * @returns the configuration, or one line for each thing that is wrong: setting, value and what is allowed. Never throws.
 */
export function loadAgentConfig(sources: ConfigSources): LoadedConfiguration<AgentConfig> {
  const loaded = loadConfiguration({
    schema,
    check: checkOf<AgentConfig>(generatedCheck),
    environmentPrefix: 'ODDNODE_',
    ...sources,
  })
  if ('errors' in loaded) return loaded
  const value = { ...loaded.value, node: loaded.value.node || hostname() }
  const errors = contradictions(value)
  return errors.length > 0 ? { errors } : { ...loaded, value }
}

/** What a schema cannot say. */
function contradictions(config: AgentConfig): string[] {
  const { node, listen, aggregator, targets, names, closeSeconds, deadlineSeconds } = config
  const addresses = Object.entries(targets).flatMap(([role, texts]) => texts.map((text) => ({ role, text })))
  return [
    ...(isNodeName(node) ? [] : [`node is "${node}": allowed are letters, digits, and within the name . _ and -`]),
    ...(isIP(listen.address) !== 0 ? [] : [`listen.address is "${listen.address}": allowed is an IP address`]),
    ...aggregator
      .filter((url) => !isPushUrl(url))
      .map((url) => `aggregator has "${withoutPassword(url)}": allowed is http://address:port`),
    ...addresses
      .filter(({ text }) => parseAddress(text, 1) === null)
      .map(({ role, text }) => `targets.${role} has "${text}": allowed is an address or address:port, and no name`),
    ...(['clusterDomain', 'namespace', 'external'] as const)
      .filter((use) => names[use] !== '' && !isDnsName(names[use], use))
      .map((use) => `names.${use} is "${names[use]}": allowed is an absolute name without its final dot`),
    ...(closeSeconds < deadlineSeconds
      ? [`closeSeconds is ${closeSeconds}: allowed is at least deadlineSeconds, ${deadlineSeconds}`]
      : []),
    ...excessOf(config),
  ]
}

/** What a push can carry in its path: `RoundKey` of the protocol, which an agent does not load. */
const isNodeName = (name: string) => /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)

const withoutPassword = (url: string) => url.replace(/\/\/.*@/, '//…@')

/** Everything that the agent might find by itself, besides. */
const MOST_SIGHT: Sight = {
  resolvConf: { usedNameservers: ['127.0.0.1'], search: ['oddnode.svc.cluster', 'svc.cluster'] },
  localAddresses: usualNodeLocalAddresses,
  environment: { KUBE_DNS_SERVICE_HOST: '127.0.0.2' },
}

/** An aggregator takes no plan, and so no round, that is larger than the wire allows. */
function excessOf(config: AgentConfig): string[] {
  const { targets, probes } = fallbackPlan(config, MOST_SIGHT)
  if (targets.length <= MAX_TARGETS && probes.length <= MAX_PROBES) return []
  const { ntp, ...asked } = config.targets
  const addresses = Object.values(asked).flat().length
  return [
    `targets has ${addresses} addresses, for up to ${probes.length} probes: allowed are ${MAX_TARGETS} addresses and ${MAX_PROBES} probes`,
  ]
}
