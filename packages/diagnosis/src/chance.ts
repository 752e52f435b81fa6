import { badRun } from './bad-run.ts'
import type { Cell } from './cell.ts'
import type { Judged } from './hysteresis.ts'
import { judgedSamples } from './kept-samples.ts'

/** Samples, and bad ones among them. */
export type Lost = { lost: number; asked: number }

/**
 * What is less probable than this is no chance. 2,000 agents ask a ClusterIP 1.7e8 times a day at most (five probes in 5,760 rounds, three
 * times that while some are lost): while one CoreDNS pod of two is dead for a whole day, a run as long as this comes by chance about once in
 * ten days for each ClusterIP, on one node of the fleet.
 */
const IMPROBABLE = 1e-9

/**
 * So many may have been lost by chance where each is lost with this probability: Chernoff's bound on the tail of the binomial distribution,
 * which for all of n is share ** n.
 * @param share 0 to 1; where all is lost anyhow, that all is lost is chance
 */
export function mayBeChance({ lost, asked }: Lost, share: number): boolean {
  if (asked === 0 || lost <= share * asked) return true
  if (share === 0) return false
  const rate = lost / asked
  const divergence = rate * Math.log(rate / share) + (rate === 1 ? 0 : (1 - rate) * Math.log((1 - rate) / (1 - share)))
  return Math.exp(-asked * divergence) > IMPROBABLE
}

/** The bad samples since the last good one of any of these probes, in the order in which they were taken. */
export function lostInARow(cells: readonly Cell[]): Lost {
  const fresh = cells.flatMap((cell) => (isHeld(cell) ? [] : judgedOf(cell)))
  const lastGood = fresh.reduce(
    (last, { takenAt, judgement }) => (judgement === 'good' ? Math.max(last, takenAt) : last),
    -Infinity,
  )
  const bad = fresh.filter(({ takenAt, judgement }) => judgement === 'bad' && takenAt > lastGood).length
  const held = cells.filter(isHeld).reduce((sum, { agent, probe }) => sum + badRun(agent.windows, probe).bad, 0)
  return { lost: bad + held, asked: bad + held }
}

/** All that is kept of these probes. @param since seconds on the aggregator's clock; what was asked before is left out */
export function lostOfKept(cells: readonly Cell[], since = -Infinity): Lost {
  const judged = cells.flatMap(judgedOf).filter(({ takenAt, judgement }) => takenAt >= since && judgement !== 'none')
  return { lost: judged.filter(({ judgement }) => judgement === 'bad').length, asked: judged.length }
}

/** What was restored after a restart has numbers, and no samples. */
const isHeld = ({ agent, probe }: Cell): boolean => agent.windows.held.has(probe)

const judgedOf = ({ agent, probe }: Cell): Judged[] => judgedSamples(agent.windows.samples, probe)
