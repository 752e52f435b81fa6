import type { Finding, Scope } from '@oddnode/protocol'
import { byCount } from './clock-words.ts'
import { correlationOf, correlationWords } from './correlation.ts'
import type { Candidate, View } from './fault.ts'
import type { Fleet } from './fleet.ts'
import { listWords } from './words.ts'

/** A finding that came back so often is flapping. */
const FLAPPING = 2

/**
 * How a finding is told besides what its fault says: what a group correlates with where nothing tells it apart entirely; that it is flapping;
 * and that its nodes are cordoned, which is no reason to get up at night (docs/adr/0016-cordoned-nodes.md).
 * @param reopened how often it ended and came back
 */
export function tellingOf(
  view: View,
  { scope, severity, title, story }: Pick<Candidate, 'scope' | 'severity' | 'title' | 'story'>,
  reopened: number,
): Pick<Finding, 'severity' | 'title' | 'story'> {
  const cordoned = areCordoned(view.fleet, scope)
  const correlation = correlationOf(view, scope)
  const isFlapping = reopened >= FLAPPING
  const remarks = [
    ...(correlation === null ? [] : [correlationWords(correlation)]),
    ...(cordoned ? [cordonedWords(scope.nodes)] : []),
    ...(isFlapping ? [`It is flapping: it came back ${reopened} times.`] : []),
  ]
  return {
    severity: cordoned ? 'info' : severity,
    title: isFlapping ? `${title} (flapping)` : title,
    story: [story, ...remarks].join(' '),
  }
}

/** Whether it is about nodes, each of which is cordoned. */
export const areCordoned = ({ nodes }: Pick<Fleet, 'nodes'>, scope: Pick<Scope, 'nodes'>): boolean =>
  scope.nodes.length > 0 && scope.nodes.every((name) => nodes.get(name)?.cordoned === true)

const cordonedWords = (nodes: readonly string[]): string =>
  `${listWords(nodes)} ${byCount(nodes, 'is', 'are')} cordoned: what runs there may be on its way out.`
