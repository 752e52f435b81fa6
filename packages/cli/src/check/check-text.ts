import { durationWords, median } from '@oddnode/diagnosis'
import type { ClusterCheck } from '@oddnode/protocol'
import { glyphs } from '../terminal/glyphs.ts'
import { aligned } from '../terminal/table.ts'
import type { CheckReport } from './check-report.ts'
import type { ProbeResult } from './probe-result.ts'
import { subjectWords } from './subject-words.ts'

/** The report of a check for a terminal or a ticket; the verdict is its last line. */
export function checkText(report: CheckReport): string {
  const { hostname, vantage, at, version, verdict, probes, clocks, checks, notLookedAt } = report
  const place = vantage === 'pod' ? `from a pod, ${hostname}` : `from the host ${hostname}`
  const sections = [
    `oddnode ${version} ${place}, ${at.slice(0, 10)} ${at.slice(11, 19)} UTC by its own clock`,
    section('What was asked', probes.length === 0 ? ['Nothing: no server is known here.'] : aligned(rowsOf(probes))),
    section('This clock', aligned(clocks.map(({ server, state, words }) => [`${glyphs[state]} ${server}`, words]))),
    section('Checked by hand otherwise', checks.flatMap(checkLine)),
    section('Not looked at', notLookedAt),
    `${glyphs[verdict.state]} ${verdict.state.toUpperCase()}  ${verdict.sentence}`,
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [title.toUpperCase(), ...lines.map((line) => `  ${line}`)].join('\n')

/** One row for all questions of a target and transport that came to the same. */
function rowsOf(probes: readonly ProbeResult[]): string[][] {
  const sameRow = ({ target, transport, state, words }: ProbeResult) =>
    `${subjectWords(target)} ${transport} ${state} ${words}`
  return [...Map.groupBy(probes, sameRow).values()].map(rowOf)
}

function rowOf(alike: ProbeResult[]): string[] {
  const [first] = alike as [ProbeResult, ...ProbeResult[]]
  const seconds = alike.flatMap(({ medianSeconds }) => medianSeconds ?? [])
  return [
    `${glyphs[first.state]} ${subjectWords(first.target)}`,
    first.transport,
    questionsOf(alike),
    first.words,
    `${sum(alike, ({ answered }) => answered)}/${sum(alike, ({ asked }) => asked)}`,
    seconds.length === 0 ? '–' : durationWords(median(seconds)),
  ]
}

/** `kubernetes, version, wildcard ×3`: what is asked in several ways, counted. */
const questionsOf = (probes: readonly ProbeResult[]): string =>
  [...Map.groupBy(probes, ({ question }) => question)]
    .map(([question, ways]) => (ways.length === 1 ? question : `${question} ×${ways.length}`))
    .join(', ')

const sum = (probes: readonly ProbeResult[], of: (probe: ProbeResult) => number): number =>
  probes.reduce((total, probe) => total + of(probe), 0)

/** What could not be told is among what was not looked at. */
const checkLine = ({ id, passed, detail }: ClusterCheck): string[] =>
  passed === null ? [] : [`${glyphs[passed ? 'ok' : 'failing']} ${id}: ${detail}`]
