// The schemas themselves, for whoever validates at run time or generates from them. They load TypeBox (8 MiB), which an agent does
// not: it takes the types from `@oddnode/protocol` and compiled checks from `@oddnode/protocol/checks`.
export * from './clock.ts'
export * from './cluster.ts'
export * from './fact.ts'
export * from './incident.ts'
export * from './node-diff.ts'
export * from './node-report.ts'
export * from './plan.ts'
export * from './recording.ts'
export * from './report.ts'
export * from './round.ts'
