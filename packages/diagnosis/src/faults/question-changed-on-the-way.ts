import { badRun } from '../bad-run.ts'
import { type Cell, targetKey } from '../cell.ts'
import { failingSince, stateOf } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault } from '../fault.ts'
import { groupScope, standsForOthers } from '../group-scope.ts'
import { nodeFails } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, type Sight } from '../sight.ts'
import { type Truth, truth } from '../truth.ts'
import { listWords, targetWords } from '../words.ts'

type Altered = Case & { cells: Cell[] }

const NOERROR = 0

/** What of this node's probes comes back to another question than was asked. */
function altered(sight: Sight): Altered[] {
  if (!nodeFails(sight)) return []
  const cells = (['host', 'pod'] as const)
    .flatMap((vantage) => allCells(sight, vantage))
    .filter((cell) => cell.planned.transport === 'udp' && stateOf(cell) === 'failing' && isAltered(cell))
  return cells.length === 0 ? [] : [{ since: failingSince(cells), evidence: cells, cells }]
}

/** An answer to another question or id; or the right answer to `case`, whose question came back in other letters. */
function isAltered({ agent, probe, planned }: Cell): boolean {
  const { outcomes, rcodes } = badRun(agent.windows, probe)
  return outcomes.has('mismatch') || (planned.question === 'case' && rcodes.has(NOERROR))
}

/** Nothing else is wrong with them: one stray answer among losses is no middlebox. */
const onlySo = ({ cells }: Altered): Truth =>
  truth(
    cells.every(({ agent, probe, planned }) => {
      const { outcomes, rcodes } = badRun(agent.windows, probe)
      const seen = planned.question === 'case' ? ['mismatch', 'answered'] : ['mismatch']
      return [...outcomes].every((outcome) => seen.includes(outcome)) && [...rcodes].every((rcode) => rcode === NOERROR)
    }),
  )

/** D-34. */
export const questionChangedOnTheWay: Fault = {
  name: 'question-changed-on-the-way',
  tier: 2,
  about:
    'Answers come back to another question than was asked: in other letters, or with another id. Resolvers that check it (0x20, unbound, some libraries) throw them away.',
  cause:
    'A middlebox that inspects DNS writes the question anew, or a plugin of CoreDNS does (`rewrite`, or one in the wrong order).',
  remedy: 'Take the middlebox out of the way; in CoreDNS look at the order of the plugins, and at `rewrite`.',
  references: [
    'https://github.com/coredns/coredns/issues/6915',
    'https://github.com/kubernetes/kubernetes/issues/26309',
  ],
  notTakenFor: { 'reply-from-unexpected-source': 'there the source of the answer differs, not its question' },
  rules: [
    nodeRule<Altered>({
      cases: altered,
      signature: { 'answers come back to another question, or id, and to nothing else': onlySo },
      sameness: ({ cells }) => [...new Set(cells.map(({ target }) => targetKey(target)))].sort().join(),
      isLikely: ({ cells }, { fleet, node }) => standsForOthers(fleet, node.name, cells),
      scope: (cases, nodes, { fleet }) =>
        groupScope(
          fleet,
          nodes,
          cases.flatMap(({ cells }) => cells),
        ),
      severity: 'info',
      title: 'Questions from {nodes} to {target} are changed on the way',
      story: 'Something between {nodes} and {target} changes the case of the question, or its id.',
      confirm: ['on {place}: dig @{dnsServer} kUbErNeTeS.dEfAuLt.svc.{domain}.'],
      values: ({ cases }) => {
        const targets = cases.flatMap(({ cells }) => cells.map(({ target }) => target))
        return {
          target: listWords([...new Set(targets.map(targetWords))]),
          dnsServer: dnsServer(targets[0] ?? { address: 'TARGET' }),
          place: cases[0].cells[0]?.node ?? 'NODE',
        }
      },
    }),
  ],
  covers: [],
}
