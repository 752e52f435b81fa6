import { type Fleet, visibleFindings, worstFirst } from '@oddnode/diagnosis'
import { type Cluster, type Finding, REPORT_SCHEMA, type Verdict, visibleDeep, visibleText } from '@oddnode/protocol'
import type { ReportHead } from './moment.ts'

export type ViewInput = {
  fleet: Fleet
  cluster: string
  version: string
  /** What of the cluster's picture is shown. */
  picture: Pick<Cluster, 'checks' | 'hidden'>
  /** What keeps the aggregator from remembering; null while the store is well. */
  storage: string | null
  /** Findings that ended, from the store. */
  ended: readonly Finding[]
}

/** Ended findings of the last day are on the report … */
export const ENDED_SECONDS = 86_400
/** … but no more than these. */
export const MAX_ENDED = 100

/**
 * Nodes that page and text show, two rows each: more than a person reads. The odd ones come first, so what is left out is no worse.
 */
export const SHOWN_NODES = 100

/** The report without its nodes and without what is the matter with its data. Texts from outside are safe to look at (`visibleText`). */
export function headOf(
  { fleet, cluster, version, picture, storage, ended }: ViewInput,
  verdict: Verdict,
): Omit<ReportHead, 'notices'> {
  return {
    schema: REPORT_SCHEMA,
    at: new Date(fleet.now * 1000).toISOString(),
    cluster: visibleText(cluster),
    version,
    storage: storage === null ? null : visibleText(storage),
    verdict: visibleDeep(verdict),
    findings: findingsOf(fleet, ended),
    checks: visibleDeep(picture.checks),
    hidden: visibleDeep(picture.hidden),
  }
}

/** A finding as a report has it: what it explains is not listed there, and is told by its name and title. */
export function findingView(finding: Finding, { findings }: Fleet): Finding {
  const covers = finding.covers.flatMap((id) => {
    const covered = findings.get(id)
    return covered === undefined ? [] : [`${covered.fault}: ${covered.title}`]
  })
  return visibleDeep({ ...finding, covers })
}

/** Open ones first, as `worstFirst` has them; ended ones after them, the latest first. */
function findingsOf(fleet: Fleet, ended: readonly Finding[]): Finding[] {
  const all = [...ended, ...visibleFindings(fleet)].map((finding) => findingView(finding, fleet))
  const known = new Map(all.map((finding) => [finding.id, finding]))
  return [...known.values()].toSorted(
    (a, b) =>
      Number(a.ended !== null) - Number(b.ended !== null) ||
      (b.ended ?? '').localeCompare(a.ended ?? '') ||
      worstFirst(a, b),
  )
}
