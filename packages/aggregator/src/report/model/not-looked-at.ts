import type { Report, ReportAgent, ReportClock } from '@oddnode/protocol'
import { countText, reasonText } from '../format.ts'

/** What nobody looked at, one line each: well is said only of what was measured. */
export function notLookedAt({ nodes, hidden }: Pick<Report, 'nodes' | 'hidden'>): string[] {
  const lines = new Map<string, string[]>()
  const note = (what: string, who: string) => lines.set(what, [...(lines.get(what) ?? []), who])
  for (const { name, clock, agents } of nodes) {
    for (const agent of agents) {
      for (const what of missingOf(agent)) note(what, `${name} ${agent.vantage}`)
    }
    for (const vantage of ['host', 'pod'] as const) {
      if (!agents.some((agent) => agent.vantage === vantage)) note(`the ${vantage} network (no agent there)`, name)
    }
    if (clock.offsetSeconds === null) note(`the clock (${clockless(clock, agents)})`, name)
  }
  return [...hidden, ...[...lines].map(([what, who]) => `${what}: ${whoText(who)}`)]
}

function clockless({ samples }: ReportClock, agents: readonly ReportAgent[]): string {
  if (agents.every(({ status }) => status === 'expected')) return 'its agents were never heard of'
  if (!agents.some(({ status }) => status === 'reporting')) return 'no fresh data: its agents are silent'
  return samples.length === 0
    ? 'no reference was asked: targets.ntp, or oddnode start --ntp, names one'
    : 'no reference answered'
}

function missingOf({ probes, facts, status }: ReportAgent): string[] {
  if (status !== 'reporting') return [`everything (agent ${status === 'expected' ? 'never heard of' : status})`]
  const asked = new Set(probes.map(({ target }) => target.address))
  const spared = facts?.resolvConf?.usedNameservers.filter((address) => !asked.has(address)) ?? []
  const missing = probes.filter((probe) => probe.state === 'no-data')
  const targets = missing.map(
    ({ target, transport, reason }) => `${target.role} ${target.address} ${transport} (${reasonText(reason)})`,
  )
  // Programs ask a further nameserver only after the first one, and so does nobody here.
  const nameservers = spared.map((address) => `nameserver ${address} of resolv.conf (not asked)`)
  return [...new Set([...targets, ...nameservers])]
}

const MAX_NAMES = 6

function whoText(who: readonly string[]): string {
  if (who.length <= MAX_NAMES) return who.join(', ')
  return `${who.slice(0, MAX_NAMES - 1).join(', ')} and ${countText(who.length - MAX_NAMES + 1, 'more row')}`
}
