import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { skewedClock } from '../../../packages/probes/test/faketime.ts'
import type { Lab } from './lab.ts'
import type { ClusterOptions } from './options.ts'

const fileOf = (directory: string, who: string) => join(directory, `clock-${who}`)

/** A process that starts with this environment reads what its clock is off from a file, at each look. Durations stay true. */
function settableClock(directory: string, who: string, setting: string): Record<string, string> {
  const file = fileOf(directory, who)
  writeFileSync(file, `${setting}\n`)
  return skewedClock({ file })
}

/** Clocks of their own for the agents of these nodes, right at first. The machine's is never set. */
export const clocksOf = (...nodes: readonly string[]): Pick<ClusterOptions, 'environmentOf'> => ({
  environmentOf: (node, directory) => (nodes.includes(node) ? settableClock(directory, node, '+0') : {}),
})

/** The same for the aggregator. */
export const clockOfAggregator: Pick<ClusterOptions, 'aggregatorEnvironment'> = {
  aggregatorEnvironment: (directory) => settableClock(directory, 'aggregator', '+0'),
}

/** Sets the clock of a node, or of the `aggregator`, and lets it run at its usual pace. @param seconds + is ahead */
export function setClock({ directory }: Lab, who: string, seconds: number): void {
  // libfaketime keeps the pace of before where none is named.
  writeFileSync(fileOf(directory, who), `${seconds < 0 ? '' : '+'}${seconds} x1\n`)
}

/** Lets the clock of a node run too fast, from a right time on. */
export function speedUpClock({ directory }: Lab, node: string, partsPerMillion: number): void {
  writeFileSync(fileOf(directory, node), `+0 x${1 + partsPerMillion / 1e6}\n`)
}
