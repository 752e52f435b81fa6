import { randomInt } from 'node:crypto'
import { createFixedPorts, probePlanned } from '@oddnode/agent'
import { machineChecks, resolvConfChecks } from '@oddnode/diagnosis'
import { readFacts } from '@oddnode/probes'
import { type Plan, visibleDeep } from '@oddnode/protocol'
import { askClocks, type ClockResult } from './ask-clocks.ts'
import { type Asked, askPlan, type Progress } from './ask-plan.ts'
import { checkPlan, type Wishes } from './check-plan.ts'
import { CHECK_SCHEMA, type CheckReport } from './check-report.ts'
import { notLookedAt } from './not-looked-at.ts'
import { probeResult } from './probe-result.ts'
import { type Environment, lookAround, type Surroundings, type SurroundingsRoots } from './surroundings.ts'
import { verdictOf } from './verdict.ts'

export type CheckContext = {
  wishes: Wishes
  version: string
  environment: Environment
  roots: SurroundingsRoots
  onProgress: (progress: Readonly<Progress>) => void
  /** Ends the check: what was not asked yet is not asked. */
  signal: AbortSignal
}

/** Above the ports that Linux gives to clients by default, as an agent's. */
const FIXED_PORTS = [61_000, 65_280] as const

/**
 * One round from where this process stands. Every text in the report is visible text.
 * @returns or one line for each wish that cannot be followed. Never rejects but for a programming error
 */
export async function check(context: CheckContext): Promise<CheckReport | { errors: string[] }> {
  const surroundings = await lookAround(context.environment, context.roots)
  const plan = checkPlan(context.wishes, surroundings)
  if ('errors' in plan) return plan
  const [asked, clocks, facts] = await Promise.all([
    ask(plan, context),
    askClocks(plan.ntp, { signal: context.signal, closeSeconds: plan.closeSeconds }),
    readFacts(plan, surroundings.vantage, context.roots),
  ])
  const checks = [...resolvConfChecks(surroundings), ...machineChecks(facts, surroundings.vantage)]
  return visibleDeep(reportOf({ plan, asked, clocks, checks }, surroundings, context))
}

function ask(plan: Plan, { signal, onProgress }: CheckContext): Promise<Asked[]> {
  const fixedPorts = createFixedPorts(randomInt(...FIXED_PORTS))
  return askPlan(plan, {
    ask: (_, probe, turn, socket) => {
      const planned = plan.probes[probe]
      if (planned === undefined) throw new RangeError(`probe ${probe} is not in the plan`)
      return probePlanned(plan, planned, { turn, socket, fixedPorts, signal })
    },
    onProgress,
    signal,
  })
}

type Answers = { plan: Plan; asked: Asked[]; clocks: ClockResult[]; checks: CheckReport['checks'] }

function reportOf(
  { plan, asked, clocks, checks }: Answers,
  { hostname, vantage }: Surroundings,
  { version }: CheckContext,
): CheckReport {
  const probes = asked.map((one) => probeResult(plan, one))
  const seen = { probes, clocks, checks, notLookedAt: notLookedAt({ plan, vantage, probes, clocks, checks }) }
  const at = new Date().toISOString()
  return { schema: CHECK_SCHEMA, at, version, hostname, vantage, verdict: verdictOf(seen), ...seen }
}
