import type { Question, Scope } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { agentKey, type Fleet } from './fleet.ts'
import { scopeOfNodes } from './scope.ts'

/** What one pod agent of each group asks for all nodes of it. */
const forGroup: ReadonlySet<Question> = new Set(['invalid', 'case', 'wildcard', 'trap'])

const isForGroup = ({ planned }: Pick<Cell, 'planned'>): boolean => forGroup.has(planned.question)

/**
 * Where it is, if all who ask for a group see it and nothing but that shows it: on every node of the group, as far as anybody knows. Else
 * on the nodes that see it.
 */
export function groupScope(fleet: Fleet, nodes: readonly string[], cells: readonly Cell[]): Scope {
  if (!cells.every(isForGroup)) return scopeOfNodes(fleet, nodes)
  const meant = nodes.flatMap((name) => {
    const group = groupOf(fleet, name)
    return group.filter((one) => asksFor(fleet, one)).every((one) => nodes.includes(one)) ? group : [name]
  })
  return scopeOfNodes(fleet, [...new Set(meant)].sort())
}

/** It shows on one node, and stands for others that do not ask. */
export const standsForOthers = (fleet: Fleet, node: string, cells: readonly Cell[]): boolean =>
  cells.every(isForGroup) && groupOf(fleet, node).some((one) => !asksFor(fleet, one))

/** The names of its nodes; of one that nobody knows of, itself. */
function groupOf({ nodes }: Fleet, name: string): string[] {
  const known = nodes.get(name)
  if (known === undefined) return [name]
  return [...nodes.values()].filter(({ group }) => group === known.group).map((node) => node.name)
}

const asksFor = ({ agents }: Fleet, node: string): boolean =>
  agents.get(agentKey(node, 'pod'))?.plan.probes.some((planned) => forGroup.has(planned.question)) ?? false
