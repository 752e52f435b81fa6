import { setTimeout as wait } from 'node:timers/promises'
import type { Report } from '@oddnode/protocol'
import type { Lab } from './cluster/lab.ts'
import { withinSeconds as patience } from './cluster/quick.ts'
import { inWords, openFindings } from './open-findings.ts'

/** A report as it was wanted, and the seconds that it took. */
export type Seen = { report: Report; seconds: number }

const LOOK_MILLISECONDS = 250

/**
 * Looks at the report until it is as wanted.
 * @param look sees every report on the way, the wanted one included
 * @throws with what was seen last where it is not within the time
 */
export async function until(
  lab: Lab,
  what: string | (() => string),
  withinSeconds: number,
  wanted: (report: Report) => boolean,
  look: (report: Report) => void = () => {},
): Promise<Seen> {
  const startedAt = performance.now()
  let last: Report | null = null
  for (;;) {
    last = (await readOrNull(lab)) ?? last
    const seconds = (performance.now() - startedAt) / 1000
    if (last) look(last)
    if (last && wanted(last)) return { report: last, seconds }
    if (seconds > withinSeconds)
      throw new Error(
        `not within ${withinSeconds} s: ${typeof what === 'string' ? what : what()}\n${last ? inWords(last) : 'no report'}`,
      )
    await wait(LOOK_MILLISECONDS)
  }
}

/** Until a fault is told, wherever. */
export const untilTold = (lab: Lab, fault: string): Promise<Seen> =>
  until(lab, `${fault} is told`, patience.open, (report) =>
    openFindings(report).some((finding) => finding.fault === fault),
  )

/** The aggregator may be starting, or be what is broken. */
async function readOrNull(lab: Lab): Promise<Report | null> {
  try {
    return await lab.report()
  } catch {
    return null
  }
}
