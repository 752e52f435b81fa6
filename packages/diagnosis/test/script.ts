import type { Cluster } from '@oddnode/protocol'
import { applyCluster, applyRound, applyTick, type RoundInput } from '../src/apply.ts'
import type { FindingChanges } from '../src/evaluate.ts'
import type { Fleet } from '../src/fleet.ts'
import { applyClockSet, applyPause } from '../src/interruptions.ts'
import type { Recording } from '../src/recording.ts'

/** One input of the diagnosis. */
export type Step =
  | { kind: 'round'; input: RoundInput }
  | { kind: 'cluster'; at: number; cluster: Cluster }
  | { kind: 'tick' | 'pause' | 'clock-set'; at: number }

/**
 * Gives a fleet its inputs, one after another, as the aggregator does.
 * @returns what each tick changed
 */
export const play = (fleet: Fleet, steps: readonly Step[], recording?: Recording): FindingChanges[] =>
  steps.flatMap((step) => playOne(fleet, step, recording) ?? [])

function playOne(fleet: Fleet, step: Step, recording: Recording | undefined): FindingChanges | null {
  switch (step.kind) {
    case 'round':
      recording?.round(step.input)
      applyRound(fleet, step.input)
      return null
    case 'cluster':
      recording?.cluster(step.at, step.cluster)
      applyCluster(fleet, step.at, step.cluster)
      return null
    case 'pause':
      recording?.pause(step.at)
      applyPause(fleet, step.at)
      return null
    case 'clock-set':
      recording?.clockSet(step.at)
      applyClockSet(fleet, step.at)
      return null
    case 'tick': {
      recording?.tick(step.at)
      const { findings } = applyTick(fleet, step.at)
      recording?.findings(findings)
      return findings
    }
  }
}
