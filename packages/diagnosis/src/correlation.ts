import type { Scope } from '@oddnode/protocol'
import type { View } from './fault.ts'
import type { FleetNode } from './fleet.ts'
import { isHeard, quietNodes } from './silence.ts'
import { listWords } from './words.ts'

/** What most of a group have and most others have not: not what tells them apart, but what is worth a look. */
export type Correlation = {
  /** Names and values, in the order of names: several where they go together. */
  attributes: readonly [name: string, value: string][]
  /** How many of the group have it. */
  inside: number
  members: number
  /** How many of the nodes have it that are heard now and are not of the group. */
  outside: number
  others: number
}

/** Of fewer nodes, or beside fewer others, it would be chance. */
const FEWEST = 3
/** The share of the group that has it must exceed that of the others by so much. */
const LEAST_DIFFERENCE = 0.8

/** What a group's nodes correlate with best; null where nothing tells them apart well, or something does entirely. */
export function correlationOf(view: View, { kind, nodes, shared }: Scope): Correlation | null {
  if (kind !== 'group' || nodes.length < FEWEST || Object.keys(shared).length > 0) return null
  const members = nodes.flatMap((name) => view.fleet.nodes.get(name) ?? [])
  const common = commonAttributes(members)
  if (members.length < FEWEST || common.length === 0) return null
  const others = countOthers(view, new Set(nodes), common)
  if (others < FEWEST) return null
  // The difference of the two shares, in whole numbers: equal ones are equal.
  const differenceOf = ({ inside, outside }: Attribute) => inside * others - outside * members.length
  const most = Math.max(LEAST_DIFFERENCE * members.length * others, ...common.map(differenceOf))
  const [first, ...rest] = common.filter((attribute) => differenceOf(attribute) === most)
  if (first === undefined) return null
  const alike = [first, ...rest.filter(({ inside }) => inside === first.inside)]
  return {
    attributes: alike.map(({ name, value }) => [name, value]),
    ...{ inside: first.inside, members: members.length, outside: first.outside, others },
  }
}

/** A value of an attribute, and how many nodes of the group have it, and how many others. */
type Attribute = { name: string; value: string; inside: number; outside: number }

/** What so many of the group have that it may tell them apart, in the order of names. */
function commonAttributes(members: readonly FleetNode[]): Attribute[] {
  const names = [...new Set(members.flatMap(({ attributes }) => Object.keys(attributes)))].sort()
  return names.flatMap((name): Attribute[] => {
    const counts = new Map<string, number>()
    for (const { attributes } of members) {
      const value = attributes[name]
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    return [...counts].flatMap(([value, inside]) =>
      inside >= LEAST_DIFFERENCE * members.length ? [{ name, value, inside, outside: 0 }] : [],
    )
  })
}

/** Counts the other nodes that are heard, and which of the attributes each has. @returns how many others there are */
function countOthers(view: View, inside: ReadonlySet<string>, common: readonly Attribute[]): number {
  const { fleet } = view
  const unheard = new Set(quietNodes(view).filter((node) => !isHeard(fleet, node)))
  let others = 0
  for (const node of fleet.nodes.values()) {
    if (inside.has(node.name) || unheard.has(node)) continue
    others++
    for (const attribute of common) if (node.attributes[attribute.name] === attribute.value) attribute.outside++
  }
  return others
}

/** `39 of the 40 nodes with cni cilium 1.16.5 are among them, and no others.` */
export function correlationWords({ attributes, inside, members, outside, others }: Correlation): string {
  const having = `with ${listWords(attributes.map((attribute) => attribute.join(' ')))}`
  const rest = members - inside
  const among = `${inside} of the ${inside + outside} nodes ${having} are among them`
  const without = rest === 0 ? 'no others' : `${rest} of the ${others - outside + rest} without`
  return `${among}, and ${without}.`
}
