import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { DNS_PORT, isDnsName, isLoopback, parseAddress } from '@oddnode/protocol'
import { checkOf } from '@oddnode/protocol/checks'
import { type LoadedConfiguration, loadConfiguration } from '@oddnode/protocol/configuration'
import type { AggregatorConfig } from './config-schema.ts'
import { default as generatedCheck, schema } from './generated/check-config.ts'
import { targetsExcess } from './plans/targets-excess.ts'

export type ConfigSources = {
  arguments: readonly string[]
  environment: Readonly<Record<string, string | undefined>>
  /** @throws if the file cannot be read */
  readFile?: (path: string) => string
}

/**
 * Defaults < JSON file (`--config`) < environment (`ODDNODE_…`) < flags.
 * @returns the settings with the shared secret read from its file, or one line for each thing that is wrong
 */
export function loadConfig(sources: ConfigSources): LoadedConfiguration<AggregatorConfig> {
  const readFile = sources.readFile ?? ((path) => readFileSync(path, 'utf8'))
  const loaded = loadConfiguration<AggregatorConfig>({
    schema,
    check: checkOf<AggregatorConfig>(generatedCheck),
    environmentPrefix: 'ODDNODE_',
    ...sources,
    readFile,
  })
  if ('errors' in loaded) return loaded
  const errors = [
    ...contradictions(loaded.value),
    ...discoveryErrors(loaded.value, sources.environment),
    ...targetErrors(loaded.value),
    ...nameErrors(loaded.value),
  ]
  return errors.length > 0 ? { errors } : loaded
}

/** What no schema can say: settings that do not go together. */
function contradictions({ listen, auth, thresholds }: AggregatorConfig): string[] {
  const errors: string[] = []
  if (isIP(listen.address) === 0)
    errors.push(`listen.address is ${JSON.stringify(listen.address)}, allowed is an IP address`)
  if (auth.mode === 'none' && !isLoopback(listen.address)) {
    errors.push(
      `auth.mode none is allowed on a loopback address only, and listen.address is ${listen.address}: anybody could push. ` +
        'Set auth.mode=shared-secret and auth.secretFile, or listen.address=127.0.0.1',
    )
  }
  if (auth.mode === 'shared-secret' && auth.secretFile === undefined) {
    errors.push('auth.mode shared-secret needs auth.secretFile: a file with the secret')
  }
  if (thresholds.failingSamples > thresholds.windowSamples) {
    errors.push(
      `thresholds.failingSamples is ${thresholds.failingSamples}, allowed is at most thresholds.windowSamples (${thresholds.windowSamples})`,
    )
  }
  return errors
}

/** The same of what is learnt of the cluster, and told to agents. */
function discoveryErrors(
  { clusterFile, discovery, auth, events, kubernetes, plan, advertise }: AggregatorConfig,
  environment: ConfigSources['environment'],
): string[] {
  const errors: string[] = []
  if (discovery.mode === 'file' && clusterFile === undefined)
    errors.push('discovery.mode file needs clusterFile: a file that describes the cluster')
  if (apiAddress(kubernetes.address, environment) === null) {
    const needs = {
      'discovery.mode kubernetes': discovery.mode === 'kubernetes',
      'auth.mode kubernetes': auth.mode === 'kubernetes',
      'events.enabled': events.enabled,
    }
    for (const [setting] of Object.entries(needs).filter(([, needed]) => needed))
      errors.push(`${setting} needs kubernetes.address, or to run in a pod`)
  }
  const name = advertise.find((text) => isIP(text) === 0)
  if (name !== undefined) errors.push(`advertise has ${JSON.stringify(name)}, allowed is an IP address`)
  if (plan.closeSeconds < plan.deadlineSeconds) {
    errors.push(
      `plan.closeSeconds is ${plan.closeSeconds}, allowed is at least plan.deadlineSeconds (${plan.deadlineSeconds})`,
    )
  }
  return errors
}

/** Addresses that are none, one line for each; where all are, more of them than a plan holds. */
function targetErrors(config: AggregatorConfig): string[] {
  const wrong = Object.entries(config.targets).flatMap(([name, list]) =>
    list
      .filter((text) => parseAddress(text, DNS_PORT) === null)
      .map(
        (text) =>
          `targets.${name} has ${JSON.stringify(text)}, allowed is an IP address or address:port with a port from 1 to 65535; no name, which would need the DNS that is on trial`,
      ),
  )
  return wrong.length > 0 ? wrong : targetsExcess(config)
}

/** Names that DNS cannot carry: agents would refuse every plan that has one. */
function nameErrors({ names }: AggregatorConfig): string[] {
  return Object.entries(names).flatMap(([use, name]) => {
    const isLabel = use === 'namespace' || use === 'canary'
    if (name === '' || (isDnsName(name, use as keyof typeof names) && !(isLabel && name.includes('.')))) return []
    const allowed = isLabel
      ? 'one label of 1 to 63 octets'
      : 'labels of 1 to 63 octets with dots between them, and no final dot'
    return [`names.${use} is ${JSON.stringify(name)}, allowed is ${allowed}`]
  })
}

/**
 * Where the API server is.
 * @param configured `kubernetes.address`
 * @returns `https://address:port`; null outside a pod where nothing is configured
 */
export function apiAddress(configured: string, environment: ConfigSources['environment']): string | null {
  if (configured !== '') return configured.replace(/\/+$/, '')
  const host = environment['KUBERNETES_SERVICE_HOST']
  if (!host) return null
  const port = environment['KUBERNETES_SERVICE_PORT'] || '443'
  return `https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
}

/** Fewer characters can be guessed. */
const SHORTEST_SECRET = 16

/** @returns the secret, or what is wrong with its file */
export function readSecret(
  file: string,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): { secret: string } | { error: string } {
  try {
    const secret = readFile(file).trim()
    if (secret.length >= SHORTEST_SECRET && !/\s/.test(secret)) return { secret }
    return { error: `auth.secretFile ${file} must hold at least ${SHORTEST_SECRET} characters and no space` }
  } catch (error) {
    return { error: `cannot read auth.secretFile ${file}: ${error instanceof Error ? error.message : String(error)}` }
  }
}
