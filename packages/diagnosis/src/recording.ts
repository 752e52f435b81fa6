import {
  type Cluster,
  encodeSamples,
  type Plan,
  RECORDING_SCHEMA,
  type RecordedLine,
  ROUND_SCHEMA,
  type Round,
} from '@oddnode/protocol'
import type { RoundInput } from './apply.ts'
import type { FindingChanges } from './evaluate.ts'
import type { Remembered } from './remember.ts'
import type { Thresholds } from './thresholds.ts'

/** Turns the inputs of a fleet into the lines of a recording. To be called before each is applied, `findings` after a tick. */
export type Recording = {
  round: (input: RoundInput) => void
  cluster: (at: number, cluster: Cluster) => void
  tick: (at: number) => void
  pause: (at: number) => void
  clockSet: (at: number) => void
  memory: (remembered: Remembered) => void
  findings: (changes: Pick<FindingChanges, 'opened' | 'ended'>) => void
}

/**
 * Starts a recording.
 * @param at when the fleet was created, in seconds on the aggregator's clock
 * @param isCut earlier lines are lost
 */
export function startRecording(
  write: (line: RecordedLine) => void,
  { at, thresholds, isCut }: { at: number; thresholds: Thresholds; isCut: boolean },
): Recording {
  // An id is not believed on its own: of two plans with one id each agent has its own, and a round means the one before it.
  const written = new Map<string, Plan>()
  write({ kind: 'start', schema: RECORDING_SCHEMA, at, thresholds: { ...thresholds }, isCut })
  const writePlan = (plan: Plan) => {
    if (written.get(plan.id) === plan) return
    written.set(plan.id, plan)
    write({ kind: 'plan', plan })
  }
  return {
    round: ({ node, vantage, boot, counter, receivedAt, round, samples, plan }) => {
      writePlan(plan)
      const { version, kind, ageSeconds, droppedRounds, clock, clockSteps, facts } = round
      const body: Omit<Round, 'planBody'> = {
        schema: ROUND_SCHEMA,
        version,
        plan: plan.id,
        kind,
        ageSeconds,
        droppedRounds,
        ...encodeSamples(samples),
        ...(clock === undefined ? {} : { clock }),
        ...(clockSteps === undefined ? {} : { clockSteps }),
        ...(facts === undefined ? {} : { facts }),
      }
      write({ kind: 'round', at: receivedAt, node, vantage, boot, counter, round: body })
    },
    cluster: (when, cluster) => write({ kind: 'cluster', at: when, cluster }),
    tick: (when) => write({ kind: 'tick', at: when }),
    pause: (when) => write({ kind: 'pause', at: when }),
    clockSet: (when) => write({ kind: 'clock-set', at: when }),
    memory: ({ plans, agents, findings }) =>
      write({ kind: 'memory', plans: [...plans.values()], agents: [...agents], findings: [...findings] }),
    findings: ({ opened, ended }) => {
      if (opened.length + ended.length > 0) write({ kind: 'findings', opened, ended })
    },
  }
}
