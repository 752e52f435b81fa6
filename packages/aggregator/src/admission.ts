import type { Plan } from '@oddnode/protocol'
import { type SuspicionLoad, suspicionLoadOf } from './plans/suspicion-load.ts'

/** What CoreDNS may get besides the rounds, while something fails. */
export type Spare = {
  /** Queries per second to one CoreDNS pod. */
  queriesPerSecond: number
  endpoints: number
}

/** A node that asks again what failed. */
export type Asking = {
  node: string
  /** Of the agent that asks. */
  plan: Plan
  /** Indexes into the plan's `probes`: what it asks again. */
  probes: readonly number[]
  /** Of all agents of the node: whoever compares host and pod needs both. */
  plans: readonly Plan[]
}

/** Who may ask again what failed, so that a fault that all nodes see is not all nodes' load on the patient (ADR 5). */
export type Admission = {
  /**
   * @param at seconds on the aggregator's clock
   * @param spare null where nobody knows how many CoreDNS pods there are: then all may
   */
  admit: (asking: Asking, at: number, spare: Spare | null) => boolean
}

/** A node that asks again tells so once in a period of suspicion: whoever does not for so many has ended. */
const ENDED_PERIODS = 2.4
/** Fewer odd probes are a lost packet, of which a large fleet always has some; of more may become all that the node asks. */
const FEWEST_OF_FAULT = 3

/** Sums that differ from nothing by less are nothing: CoreDNS pods come and go. */
const ROUNDING = 1e-6

type Admitted = { until: number; isWhole: boolean; loads: readonly SuspicionLoad[] }

export function createAdmission(): Admission {
  /** By node, who was heard of longest ago first. */
  const admitted = new Map<string, Admitted>()
  let through = 0
  const direct = new Map<string, number>()

  function add(loads: readonly SuspicionLoad[], sign: 1 | -1): void {
    for (const load of loads) {
      through += sign * load.through
      for (const [address, rate] of load.direct) {
        const sum = (direct.get(address) ?? 0) + sign * rate
        if (sum > ROUNDING) direct.set(address, sum)
        else direct.delete(address)
      }
    }
  }

  function dismiss(node: string): void {
    add(admitted.get(node)?.loads ?? [], -1)
    admitted.delete(node)
    if (admitted.size > 0) return
    through = 0
    direct.clear()
  }

  function dismissEnded(at: number): void {
    for (const [node, one] of admitted) {
      if (at < one.until) return
      dismiss(node)
    }
  }

  /** Of the CoreDNS pod that gets most. */
  const busiest = (endpoints: number) => through / Math.max(1, endpoints) + Math.max(0, ...direct.values())

  return {
    admit: (asking, at, spare) => {
      if (spare === null) return true
      dismissEnded(at)
      const { node } = asking
      const known = admitted.get(node)
      const isWhole = known?.isWhole === true || asking.probes.length >= FEWEST_OF_FAULT
      const loads = known?.isWhole ? known.loads : loadsOf(asking, isWhole)
      dismiss(node)
      add(loads, 1)
      admitted.set(node, { until: at + ENDED_PERIODS * asking.plan.suspicionSeconds, isWhole, loads })
      const bears = known?.isWhole === true || busiest(spare.endpoints) <= spare.queriesPerSecond
      if (!bears) dismiss(node)
      return bears
    },
  }
}

function loadsOf({ plan, plans, probes }: Asking, isWhole: boolean): SuspicionLoad[] {
  if (isWhole) return plans.map((one) => suspicionLoadOf(one))
  return [suspicionLoadOf(plan, new Set(probes.flatMap((probe) => plan.probes[probe]?.target ?? [])))]
}
