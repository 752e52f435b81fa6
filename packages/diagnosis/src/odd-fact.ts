import type { Scope, Vantage } from '@oddnode/protocol'
import type { View } from './fault.ts'
import { agentKey, type Fleet, type FleetAgent, type FleetNode } from './fleet.ts'
import { differingGroups, type SharedValue } from './group-values.ts'
import type { Case } from './rule.ts'
import { scopeOfNodes } from './scope.ts'
import { type Truth, truth } from './truth.ts'
import { listWords } from './words.ts'

/** Nodes of a group with the same value of a fact, where others of the group have another. */
export type FactValue = Case & { found: string; usual: string | null; nodes: readonly string[] }

/** A group whose nodes have different values of a fact. */
export type FactSplit = Case & { values: readonly SharedValue[]; usual: string | null; nodes: readonly string[] }

type ReadFact = (agent: FleetAgent, node: FleetNode) => string | null

/** Each value of each group that is not alike. It begins when it is first seen: facts have no time of their own. */
export function factValues({ fleet, at }: View, vantage: Vantage, read: ReadFact): FactValue[] {
  return differingGroups(fleet, vantage, read).flatMap(({ usual, values }) =>
    values.map(({ value, nodes }) => ({ since: at, evidence: [], found: value, usual, nodes })),
  )
}

/** Each group that is not alike. */
export function factSplits({ fleet, at }: View, vantage: Vantage, read: ReadFact): FactSplit[] {
  return differingGroups(fleet, vantage, read).map(({ usual, values }) => ({
    since: at,
    evidence: [],
    values,
    usual,
    nodes: values.flatMap(({ nodes }) => nodes).sort(),
  }))
}

/** Most nodes of the group have another value. */
export const isUnusual = ({ found, usual }: FactValue): Truth => truth(usual !== null && found !== usual)

/** No value is that of most nodes. */
export const hasNoMajority = ({ usual }: FactSplit): Truth => truth(usual === null)

/** The nodes of some cases; the whole cluster, where those are all that were ever heard. */
export const scopeOfFacts = (cases: readonly { nodes: readonly string[] }[], { fleet }: Pick<View, 'fleet'>): Scope =>
  scopeOfNodes(fleet, [...new Set(cases.flatMap(({ nodes }) => nodes))].sort())

/** `10.96.0.10 on node-1 and node-2, 10.96.0.99 on node-3`. */
export const splitWords = ({ values }: FactSplit): string =>
  values.map(({ value, nodes }) => `${value} on ${listWords(nodes)}`).join(', ')

/**
 * Whether every node that a finding is about has told its facts: then what they say decides whether it is over. Without, as after a
 * restart, it is not. A node that is gone holds nothing up.
 */
export function haveToldFacts(fleet: Fleet, scope: Scope, vantage: Vantage): boolean {
  const agents =
    scope.kind === 'cluster'
      ? [...fleet.agents.values()].filter((agent) => agent.vantage === vantage)
      : scope.nodes.filter((name) => fleet.nodes.has(name)).map((name) => fleet.agents.get(agentKey(name, vantage)))
  return agents.every((agent) => agent !== undefined && agent.facts !== null)
}
