import type { Observation } from '@oddnode/protocol'
import { type Cell, cellOf } from '../src/cell.ts'
import { createWorld, planOf, present, push, type World } from './world.ts'

/** What a probe saw, a round each 15 s; null: it was not asked in that round. */
export type Sequence = readonly (Observation | null)[]

const questions = ['kubernetes', 'version', 'soa'] as const

/** A node whose pods see these; of a shorter sequence the first rounds are missing. */
export function worldAfter(...sequences: readonly Sequence[]): World {
  const plan = planOf(questions.map((question) => ({ role: 'cluster-dns', address: '10.96.0.10', question })))
  const world = createWorld(['a'], plan, ['pod'])
  const length = Math.max(...sequences.map((sequence) => sequence.length))
  for (let round = 0; round < length; round++) {
    world.at += 15
    push(world, 'a', 'pod', (probe) => {
      const sequence = sequences[probe] ?? []
      return sequence[round - length + sequence.length] ?? null
    })
  }
  return world
}

/** The cells of its probes. */
export function cellsIn(world: World, ...probes: readonly number[]): Cell[] {
  const agent = present(world.fleet.agents.get('pod/a'))
  return probes.map((probe) => cellOf(agent, probe))
}

/** The cells of probes that saw these. */
export const cellsAfter = (...sequences: readonly Sequence[]): Cell[] =>
  cellsIn(worldAfter(...sequences), ...sequences.keys())

/** So many of the same. */
export const times = (count: number, observation: Observation | null): Sequence =>
  Array.from({ length: count }, () => observation)
