export * from './app.ts'
export * from './clock.ts'
export * from './config.ts'
export type * from './config-schema.ts'
