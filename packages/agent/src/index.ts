export { type AgentContext, type RunningAgent, startAgent } from './app.ts'
export { type Asker, type AskProbe, createAsker } from './asker.ts'
export { type ConfigSources, loadAgentConfig } from './config.ts'
export type { AgentConfig } from './config-schema.ts'
export {
  fallbackInput,
  roleOfNameserver,
  type Sight,
  targetsOf,
  usualNodeLocalAddresses,
  withoutRepeats,
} from './fallback-plan.ts'
export { createFixedPorts } from './fixed-ports.ts'
export type { Taken } from './follow-up.ts'
export { createLog, type Log, type LogLevel } from './log.ts'
export { probePlanned } from './prober.ts'
