import type { ClockSample, Facts, Finding, Plan, Round, Vantage } from '@oddnode/protocol'
import { applyRound, applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { aggregatorClock, createWorld, good, planOf, samplesOf, type World } from '../world.ts'

export const servers = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const
export const threeNodes = ['node-1', 'node-2', 'node-3']

/** A healthy cluster whose agents do little but measure their clocks. */
export function clockPlan(ntp: readonly string[] = servers): Plan {
  return {
    ...planOf([{ role: 'node-local', address: '169.254.20.10' }], `c${ntp.length}`),
    ntp: ntp.map((address) => ({ address, port: 123, everySeconds: 15 })),
  }
}

/** What an agent's round carries of its clock; null for an agent that does not push. */
export type Tells = (
  node: string,
  vantage: Vantage,
  at: number,
) => { clock?: ClockSample[]; facts?: Facts; clockSteps?: NonNullable<Round['clockSteps']> } | null

export type ClockWorld = World & {
  /** So many rounds of every agent, with an evaluation after each; what is visible then. */
  run: (rounds: number, tells: Tells) => Finding[]
}

export function clockWorld(nodes: string[] = threeNodes, plan = clockPlan()): ClockWorld {
  const world = createWorld(nodes, plan)
  const run = (rounds: number, tells: Tells) => {
    for (let i = 0; i < rounds; i++) {
      world.at += world.plan.intervalSeconds
      for (const node of nodes) for (const vantage of ['host', 'pod'] as const) pushClock(world, node, vantage, tells)
      applyTick(world.fleet, world.at + 0.5)
    }
    return visibleFindings(world.fleet)
  }
  return Object.assign(world, { run })
}

function pushClock(world: World, node: string, vantage: Vantage, tells: Tells): void {
  const told = tells(node, vantage, world.at)
  if (told === null) return
  applyRound(world.fleet, {
    node,
    vantage,
    boot: '0123456789abcdef',
    counter: world.counter++,
    receivedAt: world.at,
    round: { version: '0.1.0', kind: 'regular', ageSeconds: 0, droppedRounds: 0, ...told },
    samples: samplesOf(world.plan, () => good()),
    plan: world.plan,
  })
}

/** All is well: a clock that agrees with the aggregator's, and these besides. */
export const well = (...more: ClockSample[]): ReturnType<Tells> => ({ clock: [aggregatorClock(0), ...more] })

/** A server that gives no time. */
export const troubled = (address: string, changes: Partial<ClockSample>): ClockSample => ({
  reference: { kind: 'ntp', address },
  outcome: 'timeout',
  offsetSeconds: null,
  uncertaintySeconds: null,
  delaySeconds: null,
  ...changes,
})

/** Facts of a node whose time is kept so. */
export const kept = (changes: Partial<NonNullable<Facts['timeKeeping']>> = {}): Facts => ({
  timeKeeping: { daemon: 'chrony', synchronised: true, maxErrorSeconds: 0.001, clockSource: 'tsc', ...changes },
})

/** What is visible after some rounds of it. */
export const seen = (tells: Tells, rounds = 6, nodes = threeNodes, plan = clockPlan()): Finding[] =>
  clockWorld(nodes, plan).run(rounds, tells)
