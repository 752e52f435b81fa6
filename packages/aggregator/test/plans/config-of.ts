import { loadConfig } from '../../src/config.ts'
import type { AggregatorConfig } from '../../src/config-schema.ts'

export function configOf(...flags: string[]): AggregatorConfig {
  const loaded = loadConfig({ arguments: flags, environment: {} })
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'))
  return loaded.value
}
