import type { Fleet } from './fleet.ts'

/**
 * The aggregator stood still until `at` (frozen, starved of CPU, suspended): it heard nobody because it did not listen, so silence
 * begins anew.
 */
export function applyPause(fleet: Fleet, at: number): void {
  fleet.now = Math.max(fleet.now, at)
  fleet.listeningSince = at
}

/**
 * The aggregator's wall clock was set at `at`: until each node has been measured anew, two of them would seem apart by as much as the
 * clock was set.
 */
export function applyClockSet(fleet: Fleet, at: number): void {
  fleet.now = Math.max(fleet.now, at)
  fleet.clockSince = at
}
