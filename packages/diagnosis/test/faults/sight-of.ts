import type { View } from '../../src/fault.ts'
import { type Sight, sightOf } from '../../src/sight.ts'
import { present } from '../world.ts'
import { faultWorld, type Sees, type Setting } from './fault-world.ts'

/** What rules look at on a node after so many rounds of it. */
export function sightAfter(
  sees: Sees,
  { rounds = 6, node = 'node-2', ...setting }: Setting & { rounds?: number; node?: string } = {},
): Sight {
  const { world, run } = faultWorld(setting)
  run(rounds, sees)
  return sightOf(world.fleet, present(world.fleet.nodes.get(node)), world.at)
}

/** The whole fleet then. */
export const viewAfter = (sees: Sees, setting: Setting = {}): View => sightAfter(sees, { node: 'node-1', ...setting })
