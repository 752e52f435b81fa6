import { type Outcome, type State, states } from '@oddnode/protocol'
import { badRun } from './bad-run.ts'
import { type Cell, cellOf } from './cell.ts'
import { inARow } from './hysteresis.ts'
import { judgedSamples, lastTakenAt } from './kept-samples.ts'
import { all, any, type Truth } from './truth.ts'
import { probeState } from './window.ts'

/**
 * What the catalogue's terms mean for the probes of one cell of the matrix: `ok`, `dead`, `failing`, `wrong`, `loss`. Of none of them
 * that has data nothing is known.
 */

/** So many bad samples of a cell's probes together make it dead: of one probe alone three are also what heavy loss looks like. */
const DEAD_SAMPLES = 5

/**
 * The last sample of a rare probe is from when its server was unwell, and the others of that server became well since: it has simply not
 * been asked again yet, and says nothing of now. Caches recover name by name: one that was down then is enough, if all are well now.
 */
function isOutdated({ agent, probe, planned, target }: Cell): boolean {
  if (planned.everySeconds === 0) return false
  const lastAt = lastTakenAt(agent.windows.samples, probe)
  const others = agent.plan.probes.flatMap((other, i) => {
    const isAlike = agent.plan.targets[other.target] === target && other.transport === planned.transport
    return isAlike && other.everySeconds === 0 && other.onlyAfterTruncation !== true ? [cellOf(agent, i)] : []
  })
  if (lastAt === null || others.length === 0 || !others.every(isWell)) return false
  return others.every((cell) => sinceOf(cell) > lastAt) || others.some((cell) => wasDown(cell, lastAt))
}

/** One bad sample is a lost packet. */
const DOWN_SAMPLES = 2

function wasDown({ agent, probe }: Cell, at: number): boolean {
  const before = judgedSamples(agent.windows.samples, probe).filter(({ takenAt }) => takenAt <= at)
  return inARow(before, 'bad') >= DOWN_SAMPLES
}

const isWell = (cell: Cell): boolean => ['ok', 'degraded'].includes(stateOf(cell))

/** Those that say something of now. */
const withData = (cells: readonly Cell[]): Cell[] =>
  cells.filter((cell) => stateOf(cell) !== 'no-data' && !(stateOf(cell) === 'failing' && isOutdated(cell)))

/** The state of one probe. */
export const stateOf = ({ agent, probe }: Cell): State => states[agent.windows.state[probe] as number] ?? 'no-data'

/** When a probe came into its state, on the aggregator's clock. */
export const sinceOf = ({ agent, probe }: Cell): number => agent.windows.since[probe] ?? Number.NaN

/** When the first of these cells began to fail; Infinity where none does. */
export function failingSince(cells: readonly Cell[]): number {
  return cells.reduce((first, cell) => (stateOf(cell) === 'failing' ? Math.min(first, sinceOf(cell)) : first), Infinity)
}

/**
 * Every probe that has data is well, and was seen well after `since`: what was well before a fault began says nothing about it.
 * @param since seconds on the aggregator's clock
 */
export function ok(cells: readonly Cell[], since = -Infinity): Truth {
  return ofAll(cells, (cell) => {
    if (stateOf(cell) === 'failing') return 'no'
    const { last, bad } = badRun(cell.agent.windows, cell.probe)
    if (last === 'late') return stateOf(cell) === 'ok' ? 'wait' : 'no'
    return bad === 0 && wasAnsweredAfter(cell, since) ? 'yes' : 'wait'
  })
}

/**
 * It was asked and answered since, beyond doubt: what was under way when a fault began may be lost to it, and what was asked a little
 * later still have been answered before.
 */
export const wasAnsweredAfter = ({ agent, probe }: Pick<Cell, 'agent' | 'probe'>, since: number): boolean =>
  (agent.windows.goodAt[probe] as number) > since + agent.plan.deadlineSeconds

/** Some probe that has data is well, and was seen well after `since`. */
export function someOk(cells: readonly Cell[], since = -Infinity): Truth {
  const known = withData(cells)
  return known.length === 0 ? 'no-data' : any(...known.map((cell) => ok([cell], since)))
}

/** Two probes fail, or the only one. */
export function failing(cells: readonly Cell[]): Truth {
  const known = withData(cells)
  if (known.length === 0) return 'no-data'
  const count = known.filter((cell) => stateOf(cell) === 'failing').length
  if (count >= Math.min(2, known.length)) return 'yes'
  return known.some(isSuspected) ? 'wait' : 'no'
}

/**
 * Every probe that has data fails, without one answer since it began; and those that were only just asked have none either.
 * @param outcomes if given, nothing but these was seen
 */
export function dead(cells: readonly Cell[], outcomes: readonly Outcome[] | null = null): Truth {
  const known = withData(cells)
  if (known.length === 0) return 'no-data'
  const runs = known.map(({ agent, probe }) => badRun(agent.windows, probe))
  if (runs.some((run) => run.bad === 0 || run.answered > 0)) return 'no'
  if (outcomes !== null && runs.some((run) => [...run.outcomes].some((one) => !outcomes.includes(one)))) return 'no'
  const isDecided =
    known.every((cell) => stateOf(cell) === 'failing') && runs.reduce((sum, run) => sum + run.bad, 0) >= DEAD_SAMPLES
  return isDecided ? all('yes', ...cells.map(deadSoFar)) : 'wait'
}

/**
 * What a probe of every round says before it has a state: what fails is asked again sooner and has one first, while a single answer
 * from another server shows that not all is dead.
 */
function deadSoFar({ agent, probe, planned }: Cell): Truth {
  const isTimely = planned.everySeconds === 0 && planned.onlyAfterTruncation !== true
  const reason = isTimely ? probeState(agent.windows, probe).reason : null
  if (reason === 'too-few') return badRun(agent.windows, probe).bad === 0 ? 'no' : 'wait'
  return reason === 'not-looked-at' ? 'wait' : 'yes'
}

/** Every probe that has data fails, answered with this RCODE. */
export function wrong(cells: readonly Cell[], rcode: number): Truth {
  return ofAll(cells, (cell) => {
    const run = badRun(cell.agent.windows, cell.probe)
    if (run.bad === 0 || !run.rcodes.has(rcode)) return 'no'
    return stateOf(cell) === 'failing' ? 'yes' : 'wait'
  })
}

/** Bad ÷ asked over the windows of these probes; null without data. */
export function loss(cells: readonly Cell[]): number | null {
  const judged = cells
    .filter((cell) => stateOf(cell) !== 'no-data')
    .flatMap(({ agent: { windows }, probe }) =>
      judgedSamples(windows.samples, probe).slice(-windows.thresholds.windowSamples),
    )
    .filter(({ judgement }) => judgement !== 'none')
  const bad = judged.filter(({ judgement }) => judgement === 'bad').length
  return judged.length === 0 ? null : bad / judged.length
}

/** The middle of the answer times of these probes' windows, in seconds; null where nothing was answered. */
export function medianSeconds(cells: readonly Cell[]): number | null {
  const times = cells.flatMap(({ agent, probe }) => probeState(agent.windows, probe).medianSeconds ?? [])
  return times.sort((a, b) => a - b)[times.length >> 1] ?? null
}

function ofAll(cells: readonly Cell[], truthOf: (cell: Cell) => Truth): Truth {
  const known = withData(cells)
  return known.length === 0 ? 'no-data' : all(...known.map(truthOf))
}

/** Its last samples were bad, and it is asked again until it is decided. */
export const isSuspected = (cell: Cell): boolean => badRun(cell.agent.windows, cell.probe).bad > 0
