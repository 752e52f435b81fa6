export { type AgentContext, type RunningAgent, startAgent } from './app.ts'
export { type ConfigSources, loadAgentConfig } from './config.ts'
export type { AgentConfig } from './config-schema.ts'
export { createLog, type Log, type LogLevel } from './log.ts'
