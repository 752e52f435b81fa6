// Feeds hostile names to the aggregator's metrics, and reads the text as a scraper does: every series is whole, and says what was meant.
// node --conditions=@oddnode/source test/fuzz/metrics.ts [cases] [seed]
import fc from 'fast-check'
import { fleetMetrics } from '../../packages/aggregator/src/metrics-fleet.ts'
import { findingOf } from '../../packages/aggregator/test/report/sample-report.ts'
import { momentOf, summaryOf } from '../../packages/aggregator/test/sample-moment.ts'
import { fuzz } from './run.ts'

const pieces = fc.constantFrom(
  '"',
  '\\',
  '\n',
  '\r',
  '\0',
  '{',
  '}',
  ',',
  '=',
  ' 1\n',
  '# TYPE ',
  '\u202e',
  '\ud800',
  'é',
  '🦉',
  'n',
)
const name = fc.oneof(
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.nat(200).map((length) => '\\"'.repeat(length)),
)

fuzz({ name: 'metrics', inputs: name, holds })

function holds(node: string): boolean {
  const finding = findingOf({ scope: { kind: 'node', nodes: [node], shared: {}, subject: null } })
  const agents = [{ node, vantage: 'pod' as const, lastSeen: 0 }]
  const reading = { moment: momentOf([summaryOf(node)], [finding]), agents, now: 0, rejected: () => 0 }
  // The catalogue is the same in every case.
  const lines = [...fleetMetrics(reading)]
    .filter((piece) => !piece.startsWith('oddnode_fault_info'))
    .join('')
    .split('\n')
  const seen = lines.filter((line) => line.includes('node="')).map(nodeOf)
  return lines.every(isLine) && seen.length === 8 && seen.every((one) => one === node.toWellFormed())
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details */
function isLine(line: string): boolean {
  return (
    line === '' ||
    /^# (HELP|TYPE) oddnode_\w+ /.test(line) ||
    /^oddnode_\w+\{(\w+="([^"\\]|\\["\\n])*",?)+\} [\d.e-]+$/.test(line)
  )
}

function nodeOf(line: string): string | undefined {
  const [, escaped] = /[{,]node="((?:[^"\\]|\\["\\n])*)"/.exec(line) ?? []
  return escaped?.replace(/\\(["\\n])/g, (_, character) => (character === 'n' ? '\n' : character))
}
