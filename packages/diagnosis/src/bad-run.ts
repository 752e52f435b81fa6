import { hasAnswer, type Judgement, type Outcome, outcomes } from '@oddnode/protocol'
import { judgementAt } from './kept-samples.ts'
import type { AgentWindows, ProbeState } from './window.ts'

/** The bad samples at the end of those kept of a probe, without a good one between. */
export type BadRun = {
  bad: number
  /** How many of them had an answer all the same, with a wrong RCODE or cut. */
  answered: number
  outcomes: ReadonlySet<Outcome>
  /** RCODEs of those with an answer. */
  rcodes: ReadonlySet<number>
  /** What the last of all samples was; null without one. */
  last: Judgement | null
}

/** What was restored after a restart counts with the numbers that it came with. */
export function badRun(windows: AgentWindows, probe: number): BadRun {
  const held = windows.held.get(probe)
  if (held !== undefined) return heldRun(held)
  const { samples } = windows
  const first = probe * samples.size
  const end = first + (samples.count[probe] as number)
  const last = end === first ? null : judgementAt(samples, end - 1)
  if (last === 'good') return well
  const run = { bad: 0, answered: 0, outcomes: new Set<Outcome>(), rcodes: new Set<number>() }
  for (let at = end - 1; at >= first; at--) {
    const judgement = judgementAt(samples, at)
    if (judgement === 'good') break
    if (judgement !== 'bad') continue
    const outcome = outcomes[samples.outcome[at] as number] as Outcome
    run.bad++
    run.outcomes.add(outcome)
    if (hasAnswer(outcome)) run.answered++
    const rcode = samples.rcode[at] as number
    if (rcode >= 0) run.rcodes.add(rcode)
  }
  return { ...run, last }
}

/** By the numbers of a window: an answer belongs to the run only where the samples before it cannot have had it. */
function heldRun({ badInARow: bad, asked, answered: all, outcomes: counts, rcode }: ProbeState): BadRun {
  if (bad === 0) return well
  const answered = Math.max(0, all - Math.max(0, asked - bad))
  const seen = (Object.keys(counts) as Outcome[]).filter((outcome) => answered > 0 || !hasAnswer(outcome))
  return {
    bad,
    answered,
    outcomes: new Set(seen),
    rcodes: new Set(answered === 0 || rcode === null ? [] : [rcode]),
    last: 'bad',
  }
}

/** The last sample is a good one: the common case. */
const well: BadRun = { bad: 0, answered: 0, outcomes: new Set(), rcodes: new Set(), last: 'good' }
