import type { ClockSample } from '@oddnode/protocol'
import { createWorld, good, rounds, type World } from './world.ts'

/** Host agents of node-0, node-1 …, all well, that read these clocks in each of two rounds. */
export function clockWorld(clocks: readonly (readonly ClockSample[])[]): World {
  const world = createWorld(
    clocks.map((_, i) => `node-${i}`),
    undefined,
    ['host'],
  )
  rounds(world, 2, () => good(), { clock: (node) => [...(clocks[Number(node.slice(5))] ?? [])] })
  return world
}
