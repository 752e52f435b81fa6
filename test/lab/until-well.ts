import type { Report, ReportAgent, ReportNode } from '@oddnode/protocol'
import type { Lab } from './cluster/lab.ts'
import { withinSeconds } from './cluster/quick.ts'
import { type Seen, until } from './until.ts'

/** Everything reports, nothing fails, and what shows the ways is well. An answer that is late or lost now and then is the machine's. */
export function untilWell(lab: Lab): Promise<Seen> {
  let missing = 'the aggregator answers'
  const isWell = (report: Report): boolean => {
    missing = whatIsMissing(lab, report) ?? ''
    return missing === ''
  }
  return until(lab, () => `all is well: ${missing}`, withinSeconds.well, isWell)
}

/** What keeps a lab from being well, in words; null where nothing does. */
function whatIsMissing(lab: Lab, { verdict, nodes }: Report): string | null {
  if (verdict.agents.reporting < 2 * lab.layout.nodes.length) return `${verdict.agents.reporting} agents report`
  if (verdict.probes.failing > 0) return `${verdict.probes.failing} probes fail`
  for (const node of nodes) {
    if (lab.options.ntpServers > 0 && !hasClock(node)) return `the clock of ${node.name} is not measured`
    const agent = node.agents.find((one) => !isWellAsked(one))
    if (agent !== undefined) return `the ${agent.vantage} agent of ${node.name} has not seen every server well`
  }
  return null
}

const hasClock = ({ clock }: ReportNode): boolean => clock.offsetSeconds !== null

/** Servers that every agent asks in every round, over UDP and TCP: two of the cluster's ClusterIPs, two CoreDNS pods. */
const ASKED_AT_LEAST = 8

/** It goes by the aggregator's plan, and has enough samples of what that asks in every round. */
function isWellAsked({ probes }: ReportAgent): boolean {
  const asked = probes.filter(({ question, variant }) => question === 'kubernetes' && variant === null)
  return asked.length >= ASKED_AT_LEAST && asked.every(({ state }) => state === 'ok' || state === 'degraded')
}
