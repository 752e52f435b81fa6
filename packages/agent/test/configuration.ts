import { loadAgentConfig } from '../src/config.ts'
import type { AgentConfig } from '../src/config-schema.ts'

/** The configuration that these flags give, on any free port. */
export function configOf(...flags: string[]): AgentConfig {
  const loaded = loadAgentConfig({ arguments: ['--listen.port=0', ...flags], environment: {}, readFile: () => '{}' })
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'))
  return loaded.value
}
