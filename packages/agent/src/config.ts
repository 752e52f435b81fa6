import { hostname } from 'node:os'
import { parseAddress } from '@oddnode/protocol'
import { checkOf } from '@oddnode/protocol/checks'
import { type LoadedConfiguration, loadConfiguration } from '@oddnode/protocol/configuration'
import { isPushUrl } from './aggregator-address.ts'
import type { AgentConfig } from './config-schema.ts'
import { isDnsName } from './dns-name.ts'
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
  const errors = contradictions(loaded.value)
  if (errors.length > 0) return { errors }
  return { ...loaded, value: { ...loaded.value, node: loaded.value.node || hostname() } }
}

/** What a schema cannot say. */
function contradictions({ aggregator, targets, names, closeSeconds, deadlineSeconds }: AgentConfig): string[] {
  const addresses = Object.entries(targets).flatMap(([role, texts]) => texts.map((text) => ({ role, text })))
  return [
    ...aggregator
      .filter((url) => !isPushUrl(url))
      .map((url) => `aggregator has "${url}": allowed is http://address:port`),
    ...addresses
      .filter(({ text }) => parseAddress(text, 1) === null)
      .map(({ role, text }) => `targets.${role} has "${text}": allowed is an address or address:port, and no name`),
    ...(['clusterDomain', 'namespace', 'external'] as const)
      .filter((use) => names[use] !== '' && !isDnsName(names[use], use))
      .map((use) => `names.${use} is "${names[use]}": allowed is an absolute name without its final dot`),
    ...(closeSeconds < deadlineSeconds
      ? [`closeSeconds is ${closeSeconds}: allowed is at least deadlineSeconds, ${deadlineSeconds}`]
      : []),
  ]
}
