import type { Evidence } from '@oddnode/protocol'
import { confirmCommands } from '../confirm.ts'
import { differenceStory, differenceTitle } from '../difference-story.ts'
import { areRecovered } from '../evidence.ts'
import type { Candidate, Fault } from '../fault.ts'
import { agentKey, type Fleet } from '../fleet.ts'
import { matterOf, type OddMatter } from '../odd-matter.ts'
import { isSilent } from '../silence.ts'

/** what fails or differs, and fits no other fault. */
export const unexplainedDifference: Fault = {
  name: 'unexplained-difference',
  tier: 1,
  references: [],
  signature: (view) => matterOf(view).map(ofMatter),
  isOver: ({ scope, evidence }, { fleet, at }) => {
    const aboutTarget = scope.kind === 'endpoint' || scope.kind === 'cluster'
    if (!aboutTarget) return areRecovered(fleet, evidence)
    // Others can tell of a target while one of those who told has fallen silent.
    const heard = evidence.filter((row) => isHeard(fleet, row, at))
    return heard.length > 0 && areRecovered(fleet, heard)
  },
  covers: () => false,
}

function isHeard(fleet: Fleet, { node: name, vantage }: Evidence, at: number): boolean {
  const node = fleet.nodes.get(name)
  const agent = fleet.agents.get(agentKey(name, vantage))
  return node === undefined || (agent !== undefined && !isSilent(fleet, node, agent, at))
}

function ofMatter(matter: OddMatter): Candidate {
  return {
    scope: matter.scope,
    severity: 'warning',
    confidence: matter.cells.some(({ undecided }) => undecided) ? 'possible' : 'certain',
    title: differenceTitle(matter),
    story: `${differenceStory(matter)}; no known fault explains it.`,
    since: matter.cells.reduce((first, { since }) => Math.min(first, since), Infinity),
    evidence: matter.shown.map((cell) => ({ cell, healthy: cell.healthy[0] ?? null })),
    confirm: confirmCommands(matter.shown),
    remedy: 'None is known: compare the row of the odd node with a healthy one.',
  }
}
