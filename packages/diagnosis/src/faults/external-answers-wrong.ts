import type { Cell } from '../cell.ts'
import { failing, failingSince, stateOf, wrong } from '../cell-truth.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { groupScope, standsForOthers } from '../group-scope.ts'
import type { ColumnTally } from '../ledger.ts'
import { cellsOfColumn } from '../odd-columns.ts'
import { scopeOfFacts } from '../odd-fact.ts'
import { type Case, fleetRule, nodeRule, type Statement, type Told } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { allCells, type Sight, sightOf } from '../sight.ts'
import { truth } from '../truth.ts'
import { listWords } from '../words.ts'
import { externalName, failingOf, wrongAnswerWords } from '../wrong-answers.ts'

type Rewritten = Case & {
  nodes: readonly string[]
  isMinority: boolean
  found: string
  usual: string
  external: string
}

const NOERROR = 0
const NXDOMAIN = 3
/** Names change: it takes a while until every node has heard. */
const SETTLED_ROUNDS = 4

const ofNode = (cells: Cell[]): Case[] => (cells.length === 0 ? [] : [{ since: failingSince(cells), evidence: cells }])

const invalid = (sight: Sight): Case[] => ofNode(failingOf(sight, 'invalid'))
const trap = (sight: Sight): Case[] => ofNode(failingOf(sight, 'trap'))

/** One asks for its group: it is the way of all of them, unless that node alone is told otherwise by an upstream. */
const ofGroup: Pick<Statement<Sight, Case>, 'scope' | 'isLikely'> = {
  scope: (cases, nodes, view) => {
    const isApart = rewritten(view).some((one) => one.isMinority && one.nodes.some((name) => nodes.includes(name)))
    const evidence = cases.flatMap((one) => one.evidence)
    return isApart ? scopeOfNodes(view.fleet, nodes) : groupScope(view.fleet, nodes, evidence)
  },
  isLikely: ({ evidence }, { fleet, node }) => standsForOthers(fleet, node.name, evidence),
}

/** Nodes to which an upstream says something else than to most of their group: another RCODE, or addresses of another class. */
function rewritten(view: View): Rewritten[] {
  const { fleet, at } = view
  const columns = [...fleet.ledger.columns.values()].filter(isApart)
  const odd = columns.flatMap((column) =>
    [
      ...Map.groupBy(
        cellsOfColumn(fleet, column).filter((cell) => saidIn(cell) !== null),
        (cell) => groupOf(fleet, cell),
      ).values(),
    ].flatMap((cells) => oddOnes(cells, fleet.thresholds.fewestNodesToCompare)),
  )
  return [...Map.groupBy(odd, ({ cell }) => cell.node)].flatMap(([name, ones]) => {
    const node = fleet.nodes.get(name)
    const [first] = ones
    if (node === undefined || first === undefined) return []
    const evidence = ones.map(({ cell }) => cell)
    return {
      since: Math.min(...ones.map(({ since }) => since)),
      evidence,
      explains: externalOf(sightOf(fleet, node, at)),
      nodes: [name],
      isMinority: first.isMinority,
      found: answerWords(first.cell),
      usual: answerWords(first.usual),
      external: externalName(evidence),
    }
  })
}

function isApart({ plain, target, transport, question, answers, failing, ok, degraded }: ColumnTally): boolean {
  const isAsked = plain && target.role === 'upstream' && transport === 'udp' && question === 'external'
  return isAsked && (answers.size > 1 || (failing > 0 && ok + degraded > 0))
}

const isSettled = ({ since, evidence: [cell] }: Case, at: number): boolean =>
  cell !== undefined && at - since > SETTLED_ROUNDS * cell.agent.plan.intervalSeconds

const groupOf = ({ nodes }: Fleet, { node }: Cell): string => nodes.get(node)?.group ?? ''

/** What is compared of an answer; null where there was none. */
function saidIn(cell: Cell): string | null {
  if (stateOf(cell) !== 'failing') return String(cell.agent.windows.compared[cell.probe])
  return wrong([cell], NXDOMAIN) === 'yes' ? 'NXDOMAIN' : null
}

/** One that is told otherwise, one of those that it is held against, and since when they differ. */
type Odd = { cell: Cell; usual: Cell; isMinority: boolean; since: number }

function oddOnes(cells: readonly Cell[], fewest: number): Odd[] {
  const said = [...Map.groupBy(cells, saidIn).values()].sort((a, b) => b.length - a.length)
  const [most = []] = said
  const [usual] = most
  if (usual === undefined) return []
  const isMinority = most.length * 2 > cells.length && cells.length >= fewest
  // The first of them to hear of a change is not wrong; others that come to see it do not make it new.
  const usualSince = Math.min(...most.map(sinceOf))
  const odd = said.slice(1).flat()
  return odd.map((cell) => ({ cell, usual, isMinority, since: Math.max(sinceOf(cell), usualSince) }))
}

const sinceOf = (cell: Cell): number => {
  const { windows } = cell.agent
  return (stateOf(cell) === 'failing' ? windows.since : windows.comparedSince)[cell.probe] as number
}

const answerWords = (cell: Cell): string =>
  stateOf(cell) === 'failing' ? 'NXDOMAIN' : listWords(cell.agent.windows.answers[cell.probe] ?? [], 3) || 'no address'

const externalOf = (sight: Sight): Cell[] =>
  (['host', 'pod'] as const).flatMap((vantage) =>
    allCells(sight, vantage).filter(({ planned }) => planned.question === 'external'),
  )

/** `On node-2 `, where it is not everywhere. */
const onNodes = ({ scope, nodes }: Told<Case>): string =>
  scope.kind === 'cluster' ? '' : `On ${listWords(nodes.length > 0 ? nodes : scope.nodes)} `

const confirm = [
  'on {node}: dig $(openssl rand -hex 8).invalid.',
  'on {node}: dig +time=2 +tries=1 @192.0.2.53 {external}.',
]

/** D-29. */
export const externalAnswersWrong: Fault = {
  name: 'external-answers-wrong',
  tier: 2,
  about:
    'Somebody on the way rewrites DNS: names that do not exist have an address, an address where nobody lives answers, or an upstream says something else to one node than to the others.',
  cause:
    'Something on the way takes queries to port 53 for itself and answers in place of the server that was asked. Where one node alone is told otherwise, it stands on the way of that node; where all are, before the upstream, or it is the upstream.',
  remedy: 'End the interception on the way of {nodes} to the upstreams, or ask them by DNS over TLS.',
  references: [
    'https://github.com/openshift/openshift-ansible/issues/2163',
    'https://github.com/siderolabs/talos/issues/8698',
    'https://www.rfc-editor.org/rfc/rfc6761',
  ],
  notTakenFor: {
    'upstreams-give-different-answers': 'there two upstreams disagree, each with one voice to all nodes',
    'search-domain-has-wildcard': 'there only names under a search domain are answered',
  },
  rules: [
    fleetRule<Rewritten>({
      cases: rewritten,
      signature: {
        'the same upstream says something else to most nodes of the group': ({ isMinority }) => truth(isMinority),
        'it has for a while': (one, { at }) => (isSettled(one, at) ? 'yes' : 'wait'),
      },
      sameness: ({ found }) => found,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: 'warning',
      title: '{external} resolves to {found} on {nodes}',
      story: 'On {nodes} {external} resolves to {found} instead of {usual}: somebody rewrites DNS.',
      confirm,
      values: ({ cases: [{ found, usual, external }] }) => ({ found, usual, external }),
    }),
    nodeRule<Case>({
      cases: invalid,
      signature: { 'names that do not exist are answered': ({ evidence }) => wrong(evidence, NOERROR) },
      ...ofGroup,
      severity: 'warning',
      title: 'Names that do not exist get {address}',
      story: '{where} that do not exist get {address}: somebody rewrites DNS.',
      cause:
        'The upstream, or something that answers in its place, gives an address of its own where it should say NXDOMAIN, as providers and filters do.',
      confirm,
      values: (told) => ({
        where: `${onNodes(told)}${onNodes(told) === '' ? 'Names' : 'names'}`,
        address: wrongAnswerWords(told.cases.flatMap(({ evidence }) => evidence)),
        external: externalName(told.cases[0].evidence),
      }),
    }),
    nodeRule<Case>({
      cases: trap,
      signature: { 'an address where nobody lives answers': ({ evidence }) => failing(evidence) },
      ...ofGroup,
      severity: 'warning',
      title: '192.0.2.53, where nobody lives, answers {nodes}',
      story: 'On {nodes} queries to 192.0.2.53, where nobody lives, are answered: somebody rewrites DNS.',
      cause:
        'Something on the way takes every query to port 53 for itself, whomever it was sent to: nobody lives at 192.0.2.53 who could answer.',
      confirm,
      values: ({ cases: [{ evidence }] }) => ({ external: externalName(evidence) }),
    }),
  ],
  covers: [{ faults: ['external-answers-wrong'], on: 'same-nodes' }],
}
