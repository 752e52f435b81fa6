import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anchorWallClock, type WallClock } from '@oddnode/probes'
import { stoppable, type Time } from './time.ts'

/** A step of the node's wall clock. */
export type ClockStep = {
  /** When it was noticed, at most a second later: monotonic seconds. */
  at: number
  /** + = it jumped ahead. Without the time that the machine slept, unless that is all of it. */
  seconds: number
  /** As long as the machine slept meanwhile: no step, but a suspend. */
  asleep: boolean
}

export type ClockStepsContext = {
  onStep: (step: ClockStep) => void
  /** Where procfs is mounted. */
  proc: string
  time: Time
  /** The wall clock as it is now. A test hands in one that it sets. */
  clock?: Pick<WallClock, 'steppedSeconds'>
}

const PERIOD_SECONDS = 1
/** No daemon steps a clock by less on purpose, and no pause of this process looks like more. */
const STEP_SECONDS = 0.1

/**
 * Compares the wall clock with the monotonic one each second, until stopped. Slewing moves both alike (adjtimex(2)), so what parts them is
 * a step, or a suspend: the monotonic clock stands still in it, the wall clock and /proc/uptime do not.
 */
export function watchClockSteps({ onStep, proc, clock = anchorWallClock(), ...context }: ClockStepsContext) {
  const time = stoppable(context.time)
  let before = clock.steppedSeconds()
  let slept = sleptSeconds(proc, time)

  function look() {
    const stepped = clock.steppedSeconds()
    const moved = stepped - before
    before = stepped
    if (Math.abs(moved) > STEP_SECONDS) tell(moved)
    time.after(PERIOD_SECONDS, look)
  }
  function tell(moved: number) {
    const sleptBefore = slept
    slept = sleptSeconds(proc, time)
    const sleep = slept === null || sleptBefore === null ? 0 : slept - sleptBefore
    onStep({ at: time.now(), ...stepOf(moved, sleep) })
  }
  time.after(PERIOD_SECONDS, look)
  return { stop: time.stop }
}

function stepOf(moved: number, sleep: number): Omit<ClockStep, 'at'> {
  if (sleep <= STEP_SECONDS) return { seconds: moved, asleep: false }
  const step = moved - sleep
  return Math.abs(step) <= STEP_SECONDS ? { seconds: moved, asleep: true } : { seconds: step, asleep: false }
}

/**
 * Seconds that /proc/uptime counted and the monotonic clock did not, plus a constant; null where it cannot be read. Read at once, so that
 * no other work lies between the two clocks: it is no file of a disk.
 */
function sleptSeconds(proc: string, { now }: Time): number | null {
  try {
    const uptime = Number.parseFloat(readFileSync(join(proc, 'uptime'), 'utf8'))
    return Number.isNaN(uptime) ? null : uptime - now()
  } catch {
    return null
  }
}
