import {
  type Judgement,
  judge,
  type Observation,
  type Plan,
  type Target,
  type Vantage,
  vantages,
} from '@oddnode/protocol'
import { applyCluster, applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { createWorld, type Extra, push, start } from '../world.ts'
import { faultPlan } from './fault-plan.ts'
import {
  faultCluster,
  nodeLocalFacts,
  observe,
  type ProbeOf,
  type Sees,
  threeNodes,
  type Wrong,
} from './fault-world.ts'

/** What was visible in a second. */
export type Seen = { second: number; faults: string[] }

/** An agent that asks on its own time. */
type Asking = {
  node: string
  vantage: Vantage
  plan: Plan
  /** Its rounds end at this second of each 15. */
  phase: number
  /** By probe: how many of its last samples say the same, and whether it is asked again. */
  runs: Map<number, { judgement: Judgement; count: number; again: boolean }>
}

const ROUND = 15
const SUSPICION = 5
const DECIDING = 3
const SURE = 5

/**
 * A cluster in real time: its agents have their rounds one after another, and ask again each 5 s while something is undecided; the
 * aggregator evaluates each other second.
 * @param begins after so many seconds of health `sees` begins to hold
 * @param ends so many seconds after that all is well again
 */
export function inTime(
  sees: Sees,
  { begins, ends, seconds }: { begins: number; ends: number; seconds: number },
): Seen[] {
  const world = createWorld([...threeNodes])
  applyCluster(world.fleet, world.at, faultCluster())
  const asking = threeNodes.flatMap((node, i) =>
    vantages.map(
      (vantage, j): Asking => ({ node, vantage, plan: faultPlan(vantage), phase: i * 4 + j * 2, runs: new Map() }),
    ),
  )
  const seen: Seen[] = []
  for (let second = 0; second < seconds; second++) {
    world.at = start + second
    const see = second >= begins && second < begins + ends ? sees : () => null
    for (const agent of asking) {
      const samples = samplesOf(agent, second, (one) => see(agent.node, one, 0))
      for (const [probe, observation] of samples) note(agent, twinOf(asking, agent), probe, observation)
      if (samples.size === 0) continue
      world.plan = agent.plan
      const extra: Extra = { facts: nodeLocalFacts(agent.node, agent.vantage) }
      push(world, agent.node, agent.vantage, (probe) => samples.get(probe) ?? null, extra)
    }
    if (second % 2 !== 0) continue
    applyTick(world.fleet, world.at)
    seen.push({ second, faults: visibleFindings(world.fleet).map(({ fault }) => fault) })
  }
  return seen
}

/** What an agent asks in a second: its round, or what it asks again. */
function samplesOf(agent: Asking, second: number, see: (probe: ProbeOf) => Wrong): Map<number, Observation> {
  const { plan, vantage, phase, runs } = agent
  const since = (second - phase + ROUND) % ROUND
  const samples = new Map<number, Observation>()
  if (since % SUSPICION !== 0) return samples
  for (const probe of plan.probes.keys()) {
    const isDueNow = since === 0 && isDue(plan, probe, second)
    if (!isDueNow && runs.get(probe)?.again !== true) continue
    const observation = observe(plan, vantage, probe, see)
    if (observation !== null) samples.set(probe, observation)
  }
  return samples
}

const twinOf = (asking: readonly Asking[], { node, vantage }: Asking): Asking | undefined =>
  asking.find((one) => one.node === node && one.vantage !== vantage)

/** Rare probes have their turn in one round of some. */
function isDue({ probes }: Plan, probe: number, second: number): boolean {
  const every = Math.max(1, Math.round((probes[probe]?.everySeconds ?? 0) / ROUND))
  return Math.floor(second / ROUND) % every === 0
}

/** A probe that is not as it was is asked again until it is sure; a bad one has its server's others asked too, the twin's as well. */
function note(agent: Asking, twin: Asking | undefined, probe: number, observation: Observation): void {
  const { plan, runs } = agent
  const planned = plan.probes[probe]
  if (planned === undefined) return
  const judgement = judge(planned, observation)
  const before = runs.get(probe)
  const count = before?.judgement === judgement ? before.count + 1 : 1
  const changes = before !== undefined && (before.judgement !== judgement || before.again)
  runs.set(probe, { judgement, count, again: changes && count < (judgement === 'bad' ? SURE : DECIDING) })
  if (judgement !== 'bad' || count > 1) return
  const server = plan.targets[planned.target]
  for (const one of [agent, twin]) if (one !== undefined && server !== undefined) doubt(one, server)
}

function doubt({ plan, runs }: Asking, { role, address }: Target): void {
  for (const [probe, { target }] of plan.probes.entries()) {
    const asked = plan.targets[target]
    const run = runs.get(probe)
    if (asked?.role === role && asked.address === address && run?.again !== true)
      runs.set(probe, { judgement: run?.judgement ?? 'good', count: run?.count ?? 0, again: true })
  }
}
