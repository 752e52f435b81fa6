import type { Target } from '@oddnode/protocol'
import { addressClass } from '../answers.ts'
import type { Cell } from '../cell.ts'
import { stateOf, wrong } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import type { ColumnTally } from '../ledger.ts'
import { cellsOfColumn } from '../odd-columns.ts'
import { type Case, fleetRule } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { allCells, sightOf } from '../sight.ts'
import { truth } from '../truth.ts'
import { externalName } from '../wrong-answers.ts'

/** What an upstream says of the name: its RCODE, or of which class its addresses are. */
type Saying = { target: Target; says: string; cells: readonly Cell[]; since: number }
type Disagreement = Case & { a: Saying; b: Saying; nodes: readonly string[] }

const NXDOMAIN = 3
/** Names change: upstreams may hear of it one after the other. */
const SETTLED_ROUNDS = 4
/** Rows that stand for those of all nodes. */
const SHOWN_NODES = 3

/** Each two upstreams that say something, one beside the next. */
function disagreements({ fleet, at }: View): Disagreement[] {
  const columns = [...fleet.ledger.columns.values()].filter(isAsked)
  if (!isApart(columns)) return []
  const sayings = columns.flatMap((column) => sayingOf(fleet, column))
  sayings.sort((a, b) => (a.target.address < b.target.address ? -1 : 1))
  return sayings.flatMap((b, i) => {
    const a = sayings[i - 1]
    if (a === undefined) return []
    const nodes = a.cells.map(({ node }) => node).filter((node) => b.cells.some((cell) => cell.node === node))
    if (nodes.length === 0) return []
    const shown = nodes.slice(0, SHOWN_NODES)
    const evidence = [...a.cells, ...b.cells].filter(({ node }) => shown.includes(node))
    const explains = a.says === b.says ? [] : nodes.flatMap((node) => externalOf(fleet, node, at))
    return [{ since: Math.max(a.since, b.since), evidence, explains, a, b, nodes }]
  })
}

const isAsked = ({ vantage, target, transport, question, plain }: ColumnTally): boolean =>
  plain && vantage === 'host' && target.role === 'upstream' && transport === 'udp' && question === 'external'

/** They do not all give the same good answer, as upstreams should. */
const isApart = (columns: readonly ColumnTally[]): boolean =>
  columns.some(({ failing }) => failing > 0) || new Set(columns.flatMap(({ answers }) => [...answers.keys()])).size > 1

const isSettled = ({ since, evidence: [cell] }: Case, at: number): boolean =>
  cell !== undefined && at - since > SETTLED_ROUNDS * cell.agent.plan.intervalSeconds

/** What it says to all nodes that ask it; [] where that differs, or nothing was said. */
function sayingOf(fleet: Fleet, column: ColumnTally): Saying[] {
  const cells = cellsOfColumn(fleet, column)
  const [says, ...others] = new Set(cells.map(saidIn))
  if (says === undefined || says === null || others.length > 0) return []
  const since = cells.reduce((last, { agent: { windows }, probe }) => {
    const changedAt = says === 'NXDOMAIN' ? windows.since[probe] : windows.comparedSince[probe]
    return Math.max(last, changedAt ?? -Infinity)
  }, -Infinity)
  return [{ target: column.target, says, cells, since }]
}

function saidIn(cell: Cell): string | null {
  if (stateOf(cell) === 'failing') return wrong([cell], NXDOMAIN) === 'yes' ? 'NXDOMAIN' : null
  const answers = cell.agent.windows.answers[cell.probe] ?? []
  return [...new Set(answers.map(addressClass))].sort().join(' and ') || 'no address'
}

/** What this node asks for names outside the cluster, from both vantages: chance, too. */
function externalOf(fleet: Fleet, name: string, at: number): Cell[] {
  const node = fleet.nodes.get(name)
  if (node === undefined) return []
  const sight = sightOf(fleet, node, at)
  return (['host', 'pod'] as const).flatMap((vantage) =>
    allCells(sight, vantage).filter(({ planned }) => planned.question === 'external'),
  )
}

/** D-21c. */
export const upstreamsGiveDifferentAnswers: Fault = {
  name: 'upstreams-give-different-answers',
  tier: 2,
  about:
    'Two resolvers outside the cluster say different things about the same name: that it does not exist, or addresses of another class, private or public. CoreDNS asks one or the other by chance.',
  cause:
    'One of them knows a private zone that the other does not, as an internal resolver beside a public one: CoreDNS takes all upstreams of a forward for equal.',
  remedy: 'Forward only to upstreams that know the same; give a zone that one of them knows a forward of its own.',
  references: [
    'https://github.com/Azure/AKS/issues/808',
    'https://github.com/gliderlabs/docker-alpine/issues/8',
    'https://coredns.io/plugins/forward/',
  ],
  notTakenFor: { 'external-answers-wrong': 'there the same upstream says different things to different nodes' },
  rules: [
    fleetRule<Disagreement>({
      cases: disagreements,
      signature: {
        'one upstream says of the name what the other does not, to nodes that ask both': ({ a, b }) =>
          truth(a.says !== b.says),
        'they have for a while': (one, { at }) => (isSettled(one, at) ? 'yes' : 'wait'),
      },
      sameness: ({ a, b }) => `${a.target.address} ${b.target.address}`,
      scope: ([{ nodes }], _, { fleet }) => scopeOfNodes(fleet, nodes),
      severity: 'warning',
      title: 'Upstreams {a} and {b} disagree',
      story: 'Upstreams {a} ({aSays}) and {b} ({bSays}) disagree about {external}: what a program gets is chance.',
      confirm: ['on {asker}: dig +short @{aServer} {external}.', 'on {asker}: dig +short @{bServer} {external}.'],
      values: ({ cases: [{ a, b, nodes, evidence }] }) => ({
        a: a.target.address,
        b: b.target.address,
        aServer: dnsServer(a.target),
        bServer: dnsServer(b.target),
        aSays: a.says,
        bSays: b.says,
        external: externalName(evidence),
        asker: nodes[0] ?? 'NODE',
      }),
    }),
  ],
  covers: [],
}
