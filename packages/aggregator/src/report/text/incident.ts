import type { Incident, TimelineEntry } from '@oddnode/protocol'
import { isCounted, namesOf, spanText, timeText } from '../format.ts'
import { findingText, noticeLines, section } from './report.ts'

/** An incident to paste where markup is not read. */
export function incidentText({
  finding,
  permalink,
  notices,
  at,
  cluster,
  version,
  coveredBy,
  meanwhile,
  clocks,
}: Incident): string {
  const { since, ended, scope } = finding
  const lasted =
    ended === null ? `open for ${spanText(since, at)}` : `ended ${timeText(ended)} after ${spanText(since, ended)}`
  const sections = [
    [
      `cluster ${cluster} · ${timeText(at)} · ${lasted} · oddnode ${version}`,
      ...(permalink === null ? [] : [permalink]),
      ...noticeLines(notices),
    ].join('\n'),
    findingText(finding, ended ?? at, clocks),
    section('All its nodes', isCounted(scope) ? inLines(namesOf(scope)) : []),
    section('Explained by', coveredBy === null ? [] : [timelineLine(coveredBy)]),
    section('Meanwhile', meanwhile.map(timelineLine)),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

const NAMES_PER_LINE = 8

const inLines = (names: readonly string[]): string[] =>
  Array.from({ length: Math.ceil(names.length / NAMES_PER_LINE) }, (_, line) =>
    names.slice(line * NAMES_PER_LINE, (line + 1) * NAMES_PER_LINE).join(', '),
  )

/** `2026-11-21 09:20:00 UTC – 2026-11-21 09:25:00 UTC  critical  title` */
export const timelineLine = ({ since, ended, severity, title }: TimelineEntry): string =>
  `${timeText(since)} – ${ended === null ? 'now' : timeText(ended)}  ${severity}  ${title}`
