import { worstFirst } from '../format.ts'
import type { NodeSummary } from './moment.ts'

/** All clocks of a moment: what is named, and what is counted. */
export type Clocks = {
  /** Odd ones first, then the ones furthest off. */
  named: readonly NodeSummary[]
  /** Offsets of the measured ones that are not named, in seconds, the least first. */
  others: readonly number[]
  /** Names of nodes that no reference answers … */
  unmeasured: readonly string[]
  /** … of those of which nothing fresh is known, since none of their agents reports … */
  silent: readonly string[]
  /** … and of those whose agents never did. */
  unheard: readonly string[]
  /** The largest distance from zero with its uncertainty, in seconds. */
  reachSeconds: number
}

/** A cluster of this size has a row for each clock. */
const MAX_NAMED = 12
/** Odd ones that are named of a larger one. */
const MAX_ODD = 20

/** Chooses whose clock is named: in a large cluster the odd ones, and the two at the ends. */
export function clocksOf(nodes: readonly NodeSummary[]): Clocks {
  const measured = nodes.filter(({ clock }) => clock.offsetSeconds !== null)
  const unmeasured = nodes.filter(({ clock }) => clock.offsetSeconds === null)
  const named = measured.length <= MAX_NAMED ? measured : [...oddOf(measured), ...endsOf(measured)]
  const unique = [...new Set(named)].toSorted(worseFirst)
  const isNamed = new Set(unique)
  const others = measured.filter((node) => !isNamed.has(node)).map(offsetOf)
  return {
    named: unique,
    others: others.toSorted((a, b) => a - b),
    unmeasured: unmeasured.filter(isHeard).map(({ name }) => name),
    silent: unmeasured.filter((node) => !isHeard(node) && !isUnheard(node)).map(({ name }) => name),
    unheard: unmeasured.filter(isUnheard).map(({ name }) => name),
    reachSeconds: measured.reduce((reach, node) => Math.max(reach, reachOf(node)), 0),
  }
}

const isHeard = ({ agents }: NodeSummary) => agents.some(({ status }) => status === 'reporting')
const isUnheard = ({ agents }: NodeSummary) => agents.every(({ status }) => status === 'expected')

const offsetOf = ({ clock }: NodeSummary) => clock.offsetSeconds ?? 0
const reachOf = (node: NodeSummary) => Math.abs(offsetOf(node)) + (node.clock.uncertaintySeconds ?? 0)

const isOdd = ({ clock }: NodeSummary) => clock.state === 'failing' || clock.state === 'degraded'

const oddOf = (measured: readonly NodeSummary[]) => measured.filter(isOdd).toSorted(worseFirst).slice(0, MAX_ODD)

/** The one most behind and the one most ahead of those that are well. */
function endsOf(measured: readonly NodeSummary[]): NodeSummary[] {
  const well = measured.filter((node) => !isOdd(node))
  const [first] = well
  if (first === undefined) return []
  const behind = well.reduce((least, node) => (offsetOf(node) < offsetOf(least) ? node : least), first)
  const ahead = well.reduce((most, node) => (offsetOf(node) > offsetOf(most) ? node : most), first)
  return [behind, ahead]
}

const worseFirst = (a: NodeSummary, b: NodeSummary) =>
  worstFirst.indexOf(a.clock.state) - worstFirst.indexOf(b.clock.state) || Math.abs(offsetOf(b)) - Math.abs(offsetOf(a))
