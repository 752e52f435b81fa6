import { type Fleet, type FleetNode, nodeState, verdictOf, visibleFindings } from '@oddnode/diagnosis'
import { type Finding, REPORT_SCHEMA, type Report, severities } from '@oddnode/protocol'
import { worstFirst } from './format.ts'
import { nodeView } from './node-view.ts'
import { visibleDeep, visibleText } from './visible-text.ts'

export type ViewInput = {
  fleet: Fleet
  cluster: string
  version: string
  /** What keeps the aggregator from remembering; null while the store is well. */
  storage: string | null
  /** Findings that ended, from the store. */
  ended: readonly Finding[]
}

/**
 * Nodes that page and text show, two rows each: more than a person reads. The odd ones come first, so what is left out is no worse.
 */
export const SHOWN_NODES = 100

/**
 * The view model of the report: what page, text and JSON are made of. Texts from outside are safe to look at (`visibleText`).
 * @param most nodes that it has at most; `verdict.nodes.expected` says how many there are
 */
export function reportOf(input: ViewInput, most: number = SHOWN_NODES): Report {
  const { fleet } = input
  const shown = nodesInOrder(fleet).slice(0, most)
  return { ...headOf(input), nodes: shown.map((node) => nodeView(fleet, node)) }
}

/**
 * The whole report as JSON, piece by piece: of 10,000 nodes it is hundreds of megabytes, which nobody waits for at once. Between two pieces
 * the reader of the pieces may do something else.
 */
export function* reportJson(input: ViewInput): Generator<string, void, void> {
  const { fleet } = input
  yield `${JSON.stringify({ ...headOf(input), nodes: [] }).slice(0, -2)}`
  let separator = ''
  for (const node of nodesInOrder(fleet)) {
    yield separator + JSON.stringify(nodeView(fleet, node))
    separator = ','
  }
  yield ']}'
}

function headOf({ fleet, cluster, version, storage, ended }: ViewInput): Omit<Report, 'nodes'> {
  return {
    schema: REPORT_SCHEMA,
    at: new Date(fleet.now * 1000).toISOString(),
    cluster: visibleText(cluster),
    version,
    storage: storage === null ? null : visibleText(storage),
    verdict: visibleDeep(verdictOf(fleet)),
    findings: visibleDeep(findingsOf(fleet, ended)),
    checks: visibleDeep(fleet.cluster?.checks ?? []),
    hidden: visibleDeep(fleet.cluster?.hidden ?? []),
  }
}

/** Odd ones first, then by name. */
function nodesInOrder(fleet: Fleet): FleetNode[] {
  return [...fleet.nodes.values()]
    .map((node) => ({ node, rank: worstFirst.indexOf(nodeState(fleet, node, fleet.now)) }))
    .toSorted((a, b) => a.rank - b.rank || (a.node.name < b.node.name ? -1 : 1))
    .map(({ node }) => node)
}

/** What a finding explains is not listed: here it is told by its name and title. */
const coveredBy = ({ covers }: Finding, { findings }: Fleet): string[] =>
  covers.flatMap((id) => {
    const covered = findings.get(id)
    return covered === undefined ? [] : [`${covered.fault}: ${covered.title}`]
  })

/** Open ones first, worst first, then the oldest; ended ones after them, the latest first. */
function findingsOf(fleet: Fleet, ended: readonly Finding[]): Finding[] {
  const open = visibleFindings(fleet).map((finding) => ({ ...finding, covers: coveredBy(finding, fleet) }))
  const known = new Map([...ended, ...open].map((finding) => [finding.id, finding]))
  return [...known.values()].toSorted(
    (a, b) =>
      Number(a.ended !== null) - Number(b.ended !== null) ||
      (b.ended ?? '').localeCompare(a.ended ?? '') ||
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      a.since.localeCompare(b.since) ||
      a.id.localeCompare(b.id),
  )
}
