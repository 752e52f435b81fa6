import type { Observation, Plan, Report, Round, Vantage } from '@oddnode/protocol'
import { clockSample, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'
import type { TestApp } from './test-app.ts'

/** What an agent sees in one round; null for an agent that does not push. */
export type Seen = ((plan: Plan, probe: number) => Observation) | null

/** Node-local DNS does not answer. */
export const noNodeLocal = (plan: Plan, probe: number): Observation =>
  plan.probes[probe]?.target === 0 ? timeout() : healthy(plan, probe)

export type Life = {
  nodes: readonly string[]
  see: (node: string, vantage: Vantage, round: number) => Seen
  changes?: (node: string, vantage: Vantage) => Partial<Round>
}

/** One round of every agent of a cluster, a tick after it, and a moment that nothing else belongs to. */
export async function liveRound(app: TestApp, { nodes, see, changes }: Life, round: number): Promise<Report> {
  for (const node of nodes) {
    for (const vantage of ['host', 'pod'] as const) {
      const seen = see(node, vantage, round)
      if (seen === null) continue
      const plan = clusterPlan(vantage)
      const more = { clock: [clockSample(0.001)], ...changes?.(node, vantage) }
      const pushed = await app.push(node, vantage, round, roundOf(plan, samplesOf(plan, seen), more))
      if (pushed.status !== 200) throw new Error(JSON.stringify(pushed))
    }
  }
  app.clock.advance(15)
  const report = await app.report()
  app.clock.advance(1)
  return report
}

/** The same until `rounds` are over. @returns what was told after each of them */
export async function live(app: TestApp, life: Life, rounds: number, first = 0): Promise<Report[]> {
  const told: Report[] = []
  for (let round = first; round < first + rounds; round++) told.push(await liveRound(app, life, round))
  return told
}
