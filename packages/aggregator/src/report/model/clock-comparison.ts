import { median } from '@oddnode/diagnosis'
import type { ClockComparison, Finding, ReportNode } from '@oddnode/protocol'

/** Who can be looked at beside the nodes of a finding. */
export type Beside = {
  /** Null where there is none of this name. */
  node: (name: string) => ReportNode | null
  /** Names of nodes that may be healthy; each is looked at before that is believed. */
  candidates: () => Iterable<string>
}

/** Odd nodes that are shown of a finding. */
export const ODD_NODES = 3
/** A look at a node with all its probes takes a while: of a large cluster some are looked at. */
const LOOKED_AT = 50

/** Faults whose evidence is a clock: `node-clock-wrong`, `cluster-clock-wrong` … */
const isClockFault = (fault: string) => /-clock-/.test(fault)

/** Healthy nodes that the finding does not name, some of them. */
export function* healthyBeside({ scope }: Pick<Finding, 'scope'>, { node, candidates }: Beside): Generator<ReportNode> {
  let looked = 0
  for (const name of candidates()) {
    if (scope.nodes.includes(name)) continue
    if (looked++ === LOOKED_AT) return
    const view = node(name)
    if (view?.state === 'ok') yield view
  }
}

/** The clocks of a finding's nodes beside a healthy one and the median of others. Null for a finding that is not about clocks. */
export function clockComparison(finding: Pick<Finding, 'fault' | 'scope'>, beside: Beside): ClockComparison | null {
  if (!isClockFault(finding.fault)) return null
  const odd = finding.scope.nodes.slice(0, ODD_NODES).flatMap((name) => beside.node(name) ?? [])
  const measured = [...healthyBeside(finding, beside)].filter(isMeasured)
  const rows = [...odd, ...measured.slice(0, 1)].map(rowOf)
  return rows.length === 0 ? null : { rows, others: medianOf(measured.slice(1)) }
}

const isMeasured = ({ clock }: ReportNode) => clock.offsetSeconds !== null

function rowOf({ name, clock }: ReportNode): ClockComparison['rows'][number] {
  const { state, offsetSeconds, uncertaintySeconds, reference } = clock
  return { node: name, state, offsetSeconds, uncertaintySeconds, reference }
}

function medianOf(nodes: readonly ReportNode[]): ClockComparison['others'] {
  const offsets = nodes.flatMap(({ clock }) => clock.offsetSeconds ?? [])
  return offsets.length === 0 ? null : { count: offsets.length, medianSeconds: median(offsets) }
}
