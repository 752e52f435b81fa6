import type { Finding } from '@oddnode/protocol'
import { named, type Sees, type Setting, worldOf } from './fault-world.ts'

/** The names of what is visible. */
export const faultsOf = (findings: readonly Finding[]): string[] => findings.map(({ fault }) => fault)

/** The names of what is visible after eight rounds of it. */
export const namesOf = (sees: Sees, setting: Setting = {}): string[] => faultsOf(named(worldOf(sees, setting)))
