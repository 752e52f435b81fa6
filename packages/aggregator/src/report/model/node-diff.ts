import {
  type DifferentCell,
  type DifferentValue,
  type Facts,
  NODE_DIFF_SCHEMA,
  type NodeDiff,
  type ReportAgent,
  type ReportClock,
  type ReportNode,
  type ReportProbe,
  type Vantage,
  vantages,
} from '@oddnode/protocol'
import { seenText, worstFirst } from '../format.ts'
import type { Moment } from './moment.ts'

/** What differs between two nodes: cells of the matrix, facts, attributes, clocks. */
export function nodeDiffOf({ head }: Moment, a: ReportNode, b: ReportNode): NodeDiff {
  const { at, cluster, version } = head
  const cells = vantages.flatMap((vantage) => cellsOf(vantage, agentOf(a, vantage), agentOf(b, vantage)))
  const different = cells.filter((cell) => !isAlike(cell))
  return {
    schema: NODE_DIFF_SCHEMA,
    at,
    cluster,
    version,
    a: sideOf(a),
    b: sideOf(b),
    cells: different.toSorted((one, other) => rankOf(one) - rankOf(other)),
    alikeCells: cells.length - different.length,
    facts: vantages.flatMap((vantage) => differentFacts(vantage, factsOf(a, vantage), factsOf(b, vantage))),
    attributes: differentValues(new Map(Object.entries(a.attributes)), new Map(Object.entries(b.attributes))),
    clock: clocksApart(a.clock, b.clock),
  }
}

const sideOf = ({ name, state, ready, clock }: ReportNode): NodeDiff['a'] => ({ name, state, ready, clock })

const agentOf = ({ agents }: ReportNode, vantage: Vantage): ReportAgent | undefined =>
  agents.find((agent) => agent.vantage === vantage)

const factsOf = (node: ReportNode, vantage: Vantage): Facts => agentOf(node, vantage)?.facts ?? {}

function cellsOf(vantage: Vantage, a: ReportAgent | undefined, b: ReportAgent | undefined): DifferentCell[] {
  const ofA = byCell(a?.probes ?? [])
  const ofB = byCell(b?.probes ?? [])
  return [...new Set([...ofA.keys(), ...ofB.keys()])].flatMap((key) => {
    const seenByA = ofA.get(key) ?? null
    const seenByB = ofB.get(key) ?? null
    const probe = seenByA ?? seenByB
    if (probe === null) return []
    const { target, transport, question, variant } = probe
    const { role, address } = target
    return [
      { vantage, target: { role, address }, transport, question, variant, a: seenOf(seenByA), b: seenOf(seenByB) },
    ]
  })
}

const byCell = (probes: readonly ReportProbe[]): Map<string, ReportProbe> =>
  new Map(
    probes.map((probe) => {
      const { target, transport, question, variant } = probe
      return [[target.role, target.address, transport, question, variant].join(' '), probe]
    }),
  )

function seenOf(probe: ReportProbe | null): DifferentCell['a'] {
  if (probe === null) return null
  const { state, reason, outcome, outcomes, rcode, answered, asked, medianSeconds, since } = probe
  return { state, reason, outcome, outcomes, rcode, answered, asked, medianSeconds, since }
}

/** Alike is what is well on both, however long it took, and what fails in the same words. */
function isAlike({ a, b }: DifferentCell): boolean {
  if (a === null || b === null || a.state !== b.state || a.rcode !== b.rcode) return false
  return a.state === 'ok' || seenText(a) === seenText(b)
}

const rankOf = ({ a, b }: DifferentCell): number =>
  Math.min(...[a, b].map((seen) => (seen === null ? worstFirst.length : worstFirst.indexOf(seen.state))))

/** Both clocks may be off from their own reference: their uncertainties add up. */
function clocksApart(a: ReportClock, b: ReportClock): NodeDiff['clock'] {
  if (a.offsetSeconds === null || b.offsetSeconds === null) return null
  return {
    offsetSeconds: a.offsetSeconds - b.offsetSeconds,
    uncertaintySeconds: (a.uncertaintySeconds ?? 0) + (b.uncertaintySeconds ?? 0),
  }
}

function differentFacts(vantage: Vantage, a: Facts, b: Facts): DifferentValue[] {
  return differentValues(factTexts(vantage, a), factTexts(vantage, b))
}

function differentValues(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): DifferentValue[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((name) => ({ name, a: a.get(name) ?? null, b: b.get(name) ?? null }))
    .filter((value) => value.a !== value.b)
}

/** What a node is, without what counts up or differs on every node by nature (host names, counters). */
function factTexts(vantage: Vantage, facts: Facts): Map<string, string> {
  const texts = new Map<string, string>()
  const note = (name: string, value: string | number | boolean | null | undefined) => {
    if (value !== undefined && value !== null) texts.set(`${vantage} ${name}`, String(value))
  }
  const { resolvConf, system, hosts, localAddresses, routes, conntrack, network, timeKeeping } = facts
  note('resolv.conf nameservers', resolvConf?.nameservers.join(' '))
  note('resolv.conf search', resolvConf?.search.join(' '))
  note('resolv.conf options', resolvConf?.options.join(' '))
  note('resolv.conf error', resolvConf?.error)
  note('kernel', system?.kernel)
  note('operating system', system?.os)
  note('Node.js', system?.nodeVersion)
  note('names in /etc/hosts', hosts?.map(({ name, address }) => `${name} ${address}`).join(', '))
  note('target addresses that live here', localAddresses?.toSorted().join(' '))
  for (const { address, device, mtu } of routes ?? [])
    note(`route to ${address}`, `${device ?? 'none'}, MTU ${mtu ?? 'unknown'}`)
  note('conntrack table size', conntrack?.max)
  for (const [name, value] of Object.entries(network ?? {})) note(`network ${name}`, value)
  note('time keeping', timeKeeping?.daemon)
  note('clock synchronised', timeKeeping?.synchronised)
  note('clock source', timeKeeping?.clockSource)
  return texts
}
