import type { Fault } from '../../packages/diagnosis/src/fault.ts'

/** A condition that is taken for its opposite, or taken to hold whatever is known of it, as if it were not there. */
export type Mutant = {
  fault: string
  /** Index into the fault's rules. */
  rule: number
  condition: string
  change: (typeof changes)[number]
}

/**
 * `opposite` is noticed where the fault is named at all; `ignored` only where a test shows a look-alike that this one condition tells from it.
 */
export const changes = ['opposite', 'ignored'] as const

/** The environment variable that names a mutant as JSON, for `mutate.ts`. */
export const MUTANT = 'ODDNODE_MUTANT'

/** Every change of every condition of every rule of some faults. */
export function mutantsOf(faults: readonly Fault[]): Mutant[] {
  return faults.flatMap(({ name, rules }) =>
    rules.flatMap(({ conditions }, rule) =>
      conditions.flatMap((condition) => changes.map((change) => ({ fault: name, rule, condition, change }))),
    ),
  )
}
