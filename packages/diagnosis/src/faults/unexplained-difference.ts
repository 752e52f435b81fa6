import type { Evidence, Role } from '@oddnode/protocol'
import { isSettling } from '../canary.ts'
import type { Cell } from '../cell.ts'
import { confirmCommands } from '../confirm.ts'
import { differenceStory, differenceTitle } from '../difference-story.ts'
import { hasLasted, type OddCell, oddCells } from '../differences.ts'
import { areRecovered, isRowExplained } from '../evidence.ts'
import type { Candidate, Fault } from '../fault.ts'
import { agentKey, type Fleet, type FleetAgent } from '../fleet.ts'
import { oddColumns } from '../odd-columns.ts'
import { matterOf, type OddMatter } from '../odd-matter.ts'
import { isSilent } from '../silence.ts'

/** what fails or differs, and fits no other fault. */
export const unexplainedDifference: Fault = {
  name: 'unexplained-difference',
  tier: 1,
  about:
    'Something fails or differs between nodes, and fits no other fault of the catalogue. The row of the odd node is shown beside a healthy one.',
  cause:
    'None is known: what was seen fits no fault of the catalogue. What the odd nodes have in common, and the row of a healthy node beside theirs, is all there is to go by.',
  remedy: 'None is known: compare the row of the odd node with a healthy one.',
  references: [],
  notTakenFor: {},
  rules: [],
  candidates: ({ fleet, at }, isExplained) =>
    matterOf(
      fleet,
      oddCells(
        oddColumns(
          fleet,
          (agent, probe) =>
            isExplained(agent, probe) || isOutOfService(fleet, agent, probe) || isSettling(fleet, agent, probe, at),
          (agent, probe) => hasLasted(agent, probe, fleet.thresholds, at),
        ),
        fleet.thresholds,
        at,
      ),
    ).map((matter) => ofMatter(fleet, matter)),
  isOver: ({ scope, evidence }, { fleet, at }, isExplained) => {
    const left = evidence.filter((row) => !isRowExplained(fleet, row, isExplained))
    const aboutTarget = scope.kind === 'endpoint' || scope.kind === 'cluster'
    if (!aboutTarget) return areRecovered(fleet, left)
    // Others can tell of a target while one of those who told has fallen silent.
    const heard = left.filter((row) => isHeard(fleet, row, at))
    return (left.length === 0 || heard.length > 0) && areRecovered(fleet, heard)
  },
  covers: [],
}

/** A CoreDNS pod that is not ready, or about to end, is asked to know why, and missed by nobody. */
function isOutOfService({ cluster }: Fleet, { plan }: FleetAgent, probe: number): boolean {
  const target = plan.targets[plan.probes[probe]?.target ?? -1]
  if (target?.role !== 'endpoint') return false
  const endpoint = cluster?.dns.endpoints?.find(({ address }) => address === target.address)
  return endpoint !== undefined && (!endpoint.ready || endpoint.terminating)
}

function isHeard(fleet: Fleet, { node: name, vantage }: Evidence, at: number): boolean {
  const node = fleet.nodes.get(name)
  const agent = fleet.agents.get(agentKey(name, vantage))
  return node === undefined || (agent !== undefined && !isSilent(fleet, node, agent, at))
}

/** Pods of most nodes that are heard get no cluster name from the server that they use. */
function failsPods({ agents }: Fleet, { cells }: OddMatter): boolean {
  const failing = new Set(cells.filter(isWhatPodsNeed).map(({ node }) => node)).size
  if (failing === 0) return false
  let pods = 0
  for (const { vantage, stopped } of agents.values()) if (vantage === 'pod' && !stopped) pods++
  return failing * 2 > pods
}

const isWhatPodsNeed = (cell: OddCell): boolean =>
  cell.kind === 'failing' && cell.vantage === 'pod' && cell.planned.question === 'kubernetes' && isUsed(cell)

/** Where their resolv.conf is not known, any server that pods are commonly given. */
function isUsed({ agent: { facts }, target: { role, address } }: Cell): boolean {
  const [first] = facts?.resolvConf?.usedNameservers ?? []
  return first === undefined ? commonlyUsed.has(role) : address === first
}

const commonlyUsed: ReadonlySet<Role> = new Set(['node-local', 'cluster-dns', 'resolv-conf'])

function ofMatter(fleet: Fleet, matter: OddMatter): Candidate {
  return {
    scope: matter.scope,
    severity: failsPods(fleet, matter) ? 'critical' : 'warning',
    confidence: matter.cells.some(({ undecided }) => undecided) ? 'possible' : 'certain',
    title: differenceTitle(matter),
    story: `${differenceStory(matter)}; no known fault explains it.`,
    since: matter.cells.reduce((first, { since }) => Math.min(first, since), Infinity),
    evidence: matter.shown.map((cell) => ({ cell, healthy: cell.healthy[0] ?? null })),
    cause: unexplainedDifference.cause,
    confirm: confirmCommands(matter.shown),
    remedy: 'None is known: compare the row of the odd node with a healthy one.',
  }
}
