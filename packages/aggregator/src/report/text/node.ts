import type { NodeReport, ReportAgent } from '@oddnode/protocol'
import { disagreements, glyphs, readingText, seenText, spanText, timeText } from '../format.ts'
import { learntTargets, targetsByOrigin } from '../model/learnt-targets.ts'
import { aligned, findingText, noticeLines, section } from './report.ts'

/** One node for a terminal: findings, every probe, its clock, what it is. */
export function nodeText({ node, findings, notices, at, cluster, version }: NodeReport): string {
  const open = findings.filter(({ ended }) => ended === null)
  const sections = [
    [
      `${glyphs[node.state]} ${node.state.toUpperCase()}  ${node.name}`,
      `cluster ${cluster} · ${timeText(at)} · oddnode ${version}`,
      ...noticeLines(notices),
    ].join('\n'),
    open.length > 0 ? open.map((finding) => findingText(finding, at)).join('\n\n') : 'No finding names it.',
    ...node.agents.map((agent) => section(`From its ${agent.vantage} network`, agentLines(agent, at))),
    section('Clock', [...clockLines(node.clock), ...disagreements(node)]),
    section('Attributes', aligned(Object.entries(node.attributes))),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function agentLines({ status, lastSeen, version, probes }: ReportAgent, at: string): string[] {
  const heard = lastSeen === null ? 'never heard of' : `last heard of ${timeText(lastSeen)}`
  const rows = probes.map((probe) => [
    glyphs[probe.state],
    `${probe.target.role} ${probe.target.address}`,
    probe.transport,
    [probe.question, probe.variant].filter(Boolean).join(' '),
    seenText(probe),
    probe.since === null ? '' : `for ${spanText(probe.since, at)}`,
  ])
  const learnt = targetsByOrigin(learntTargets([{ probes }])).map(({ from, names }) => `learnt ${from}: ${names}`)
  return [`agent ${version ?? ''} ${status}, ${heard}`.replace('  ', ' '), ...learnt, ...aligned(rows)]
}

const clockLines = ({ state, samples }: NodeReport['node']['clock']): string[] =>
  samples.length === 0
    ? [`${glyphs[state]} not measured`]
    : samples.map(({ vantage, reference, outcome, offsetSeconds, uncertaintySeconds }) =>
        offsetSeconds === null
          ? `${vantage}: ${reference} ${outcome}`
          : `${vantage}: ${readingText(offsetSeconds, uncertaintySeconds ?? 0)} against ${reference}`,
      )
