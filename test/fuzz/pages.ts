// Feeds random and hostile texts to every page of the report, where agents, the cluster and its people can put one: the markup of a page is
// the same whatever they say.
// node --conditions=@oddnode/source test/fuzz/pages.ts [cases] [seed]
import type { Finding, Report } from '@oddnode/protocol'
import { visibleDeep } from '@oddnode/protocol'
import fc from 'fast-check'
import { diffHtml } from '../../packages/aggregator/src/report/html/diff-page.ts'
import { findingPageHtml } from '../../packages/aggregator/src/report/html/finding-page.ts'
import { incidentHtml } from '../../packages/aggregator/src/report/html/incident-page.ts'
import { nodeHtml } from '../../packages/aggregator/src/report/html/node-page.ts'
import { problemHtml } from '../../packages/aggregator/src/report/html/problem-page.ts'
import { reportHtml } from '../../packages/aggregator/src/report/html/report-page.ts'
import { nodeDiffOf } from '../../packages/aggregator/src/report/model/node-diff.ts'
import { nodeReportOf } from '../../packages/aggregator/src/report/model/node-report.ts'
import { incidentOf } from '../../packages/aggregator/test/report/sample-incident.ts'
import { momentOf } from '../../packages/aggregator/test/report/sample-moment.ts'
import {
  agentOf,
  findingOf,
  nodeOf,
  probeOf,
  sampleReport,
} from '../../packages/aggregator/test/report/sample-report.ts'
import { fuzz } from './run.ts'

const pieces = [
  '<script>',
  '</title>',
  '"',
  "'",
  '>',
  '<!--',
  '-->',
  '&lt;',
  ']]>',
  '`',
  '${',
  ' onload=',
  'javascript:',
]
const marks = ['\u202e', '\u2066', '\u200b', '\ufeff', '\u0000', '\u001b[31m', '\u0085', '\ud800', '\r\n', '\t']
const texts = fc.oneof(
  { weight: 10, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 10,
    arbitrary: fc.array(fc.constantFrom(...pieces, ...marks), { maxLength: 20 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.nat(65_536).map((length) => '<'.repeat(length)) },
)
const sameMarkup = (some: readonly string[], others: readonly string[]) => some.every((page, i) => page === others[i])

function skeletonsOf(text: string): string[] {
  return pagesOf(visibleDeep(text)).map(skeletonOf)
}

/** Tags and the names of their attributes; what deceives the eye stands out. */
function skeletonOf(page: string): string {
  const tags = page.replace(/="[^"]*"/g, '=').replace(/>[^<>]*</g, '><')
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(page.replaceAll('\n', '')) ? `deceptive ${tags}` : tags
}

function pagesOf(text: string): string[] {
  const report = reportFullOf(text)
  const moment = momentOf(report, { latency: [latencyOf(text)] })
  const [node] = report.nodes
  const [finding] = report.findings
  if (!node || !finding) return []
  const incident = incidentOf({ finding, cluster: text, nodes: report.nodes })
  return [
    reportHtml(moment),
    nodeHtml(nodeReportOf(moment, node), '../../'),
    findingPageHtml(incident, '../../'),
    incidentHtml(incident),
    diffHtml(nodeDiffOf(moment, node, { ...node, attributes: {}, agents: [] }), '../'),
    problemHtml({ type: 'about:blank', title: text, status: 404, detail: text }, ''),
  ]
}

const latencyOf = (text: string) =>
  ({
    vantage: 'pod',
    role: 'node-local',
    address: text,
    transport: 'udp',
    nodes: 1,
    medianSeconds: 0.1,
    minSeconds: 0.1,
    maxSeconds: 0.1,
    bins: [1],
    odd: [{ node: text, medianSeconds: 0.1 }],
  }) as const

/** A report with the text wherever one comes from outside. */
function reportFullOf(text: string): Report {
  const clock = { ...nodeOf('', []).clock, reference: text }
  const probe = probeOf({ target: { role: 'node-local', address: text, learnedFrom: 'kubernetes' } })
  const missing = { ...probe, state: 'no-data', reason: 'stale', variant: text } as const
  const facts = {
    hosts: [{ name: text, address: text }],
    system: { kernel: text, os: '', hostname: '', nodeVersion: '' },
  }
  const node = nodeOf(text, [agentOf([probe, missing], { facts, version: text })], {
    clock,
    attributes: { [text]: text },
  })
  return sampleReport({
    cluster: text,
    version: text,
    storage: text,
    hidden: [text],
    checks: [{ id: text, passed: false, detail: text }],
    findings: [findingFullOf(text)],
    nodes: [node],
    verdict: { ...sampleReport().verdict, sentence: text },
  })
}

function findingFullOf(text: string): Finding {
  const evidence = findingOf().evidence.map((row) => ({
    ...row,
    node: text,
    error: text,
    target: { role: 'node-local', address: text } as const,
    healthy: { node: text, rcode: text, answered: 1, asked: 1, medianSeconds: 1 },
  }))
  return findingOf({
    title: text,
    story: text,
    remedy: text,
    cause: text,
    confirm: [text],
    references: [text],
    covers: [text],
    evidence,
    scope: {
      kind: 'node',
      nodes: [text],
      shared: { [text]: text },
      subject: { role: 'endpoint', address: text, pod: text, node: text },
    },
  })
}

const plain = skeletonsOf('plain')

fuzz({
  name: 'pages',
  usualCases: 3_000,
  inputs: texts,
  holds: (text) => sameMarkup(skeletonsOf(`x${text}`), plain),
  // Six pages, with the longest text that `visibleText` lets through some hundred times.
  mostMilliseconds: 150,
})
