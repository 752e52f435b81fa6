import type { ReportAgent, ReportProbe, Role, TargetOrigin } from '@oddnode/protocol'
import { countText, originText } from '../format.ts'

/** Who is asked, and where that was learnt: by agents without a plan from the aggregator elsewhere than by others. */
export type LearntTarget = { role: Role; address: string; learnedFrom: readonly TargetOrigin[] }

/** Whom agents ask, each once. Not the address where nobody lives (`trap`): nobody learnt it. */
export function learntTargets(agents: readonly Pick<ReportAgent, 'probes'>[]): LearntTarget[] {
  const byTarget = new Map<string, LearntTarget>()
  for (const { probes } of agents) for (const probe of probes) note(byTarget, probe)
  return [...byTarget.values()]
}

function note(byTarget: Map<string, LearntTarget>, { target, question }: ReportProbe): void {
  if (question === 'trap') return
  const { role, address, learnedFrom } = target
  const known = byTarget.get(targetName(target))?.learnedFrom ?? []
  if (!known.includes(learnedFrom))
    byTarget.set(targetName(target), { role, address, learnedFrom: [...known, learnedFrom] })
}

/** `node-local 169.254.20.10` */
export const targetName = ({ role, address }: { role: string; address: string }): string => `${role} ${address}`

/** `from Kubernetes` */
export const learntText = ({ learnedFrom }: Pick<LearntTarget, 'learnedFrom'>): string =>
  `from ${learnedFrom.map((origin) => originText[origin]).join(' or ')}`

/** Of more CoreDNS pods the names say nothing. */
const MOST_NAMES = 8

/** One entry for each place that targets were learnt from: the place, and the targets. */
export function targetsByOrigin(targets: readonly LearntTarget[]): { from: string; names: string }[] {
  return [...Map.groupBy(targets, learntText)].map(([from, learnt]) => {
    const names = learnt.slice(0, MOST_NAMES).map(targetName)
    const rest = learnt.length - names.length
    return { from, names: [...names, ...(rest > 0 ? [countText(rest, 'other')] : [])].join(', ') }
  })
}
