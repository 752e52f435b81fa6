import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { checkOf } from '@oddnode/protocol/checks'
import { type LoadedConfiguration, loadConfiguration } from '@oddnode/protocol/configuration'
import type { AggregatorConfig } from './config-schema.ts'
import { default as generatedCheck, schema } from './generated/check-config.ts'

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
  const errors = contradictions(loaded.value)
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

const isLoopback = (address: string) => address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)

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
