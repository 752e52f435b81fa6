import type { Target } from '@oddnode/protocol'
import { type Cell, targetKey } from '../cell.ts'
import { failingSince, ok, stateOf } from '../cell-truth.ts'
import { digCommand } from '../confirm.ts'
import type { Fault } from '../fault.ts'
import { nodeFails } from '../node-fails.ts'
import { columnOf } from '../peers.ts'
import { type Case, nodeRule } from '../rule.ts'
import { clusterScope, endpointScope } from '../scope.ts'
import { allCells, type Sight } from '../sight.ts'
import { truth } from '../truth.ts'
import { capitalized, listWords, targetWords } from '../words.ts'

type Uncut = Case & { target: Target; plain: Cell[]; tcp: Cell[]; small: Cell[] }

/** Servers whose large answers fail here without EDNS, where they must be cut to 512 octets and say so. */
function uncut(sight: Sight): Uncut[] {
  if (!nodeFails(sight)) return []
  const cells = (['host', 'pod'] as const).flatMap((vantage) => allCells(sight, vantage))
  const large = cells.filter(({ planned }) => planned.question === 'large')
  const bad = large.filter((cell) => isPlainUdp(cell) && stateOf(cell) === 'failing')
  return [...Map.groupBy(bad, ({ target }) => targetKey(target))].flatMap(([key, plain]) => {
    const [first] = plain
    if (first === undefined) return []
    const isSame = (cell: Cell) => targetKey(cell.target) === key && plain.some(({ agent }) => agent === cell.agent)
    return [
      {
        since: failingSince(plain),
        evidence: plain,
        explains: large.filter(
          (cell) => isSame(cell) && cell.planned.transport === 'udp' && stateOf(cell) === 'failing',
        ),
        target: first.target,
        plain,
        tcp: large.filter(
          (cell) => isSame(cell) && cell.planned.transport === 'tcp' && cell.planned.name === first.planned.name,
        ),
        small: cells.filter((cell) => isSame(cell) && isPlainUdp(cell) && cell.planned.question === 'kubernetes'),
      },
    ]
  })
}

const isPlainUdp = ({ planned }: Cell): boolean =>
  planned.transport === 'udp' && planned.edns === undefined && planned.sourcePort === 'fresh'

/** D-15b. */
export const truncationMissing: Fault = {
  name: 'truncation-missing',
  tier: 2,
  about:
    'A server cuts answers that do not fit into 512 octets without saying so (the TC bit), or fails on them: a client that speaks no EDNS gets a part for the whole, or nothing.',
  cause:
    'The server passes a large answer of an upstream on as it came, or fails over it, instead of fitting it to what the client takes; known of some versions of CoreDNS.',
  remedy: 'Upgrade CoreDNS; where the answer comes from an upstream, use `force_tcp` or `bufsize` towards it.',
  references: [
    'https://github.com/coredns/coredns/issues/4684',
    'https://github.com/coredns/coredns/issues/3305',
    'https://github.com/cilium/cilium/issues/31197',
  ],
  notTakenFor: {
    'path-mtu-blackhole': 'there the answer that is cut to 512 octets arrives',
    'large-answers-need-tcp': 'there the cut answer says so',
  },
  rules: [
    nodeRule<Uncut>({
      cases: uncut,
      signature: {
        'without EDNS a large answer is cut and does not say so, or fails, and is whole over TCP': ({ tcp, since }) =>
          ok(tcp, since),
        'small answers arrive over UDP': ({ small, since }) => ok(small, since),
        'it is so for most nodes': ({ plain }, { fleet }) =>
          truth(plain.some((cell) => isOfMost(columnOf(fleet, cell)))),
      },
      scope: (cases) => {
        const [{ target }] = cases
        const isOne = cases.every((one) => targetKey(one.target) === targetKey(target))
        return isOne
          ? endpointScope({ role: target.role, address: target.address, pod: null, node: null })
          : clusterScope()
      },
      severity: 'warning',
      title: '{target} {cuts} large answers without saying so',
      story: '{target} {cuts} answers above 512 octets without saying so, or {fails} on them.',
      confirm: ['on {place}: {ask}; {tcp}'],
      values: ({ cases }) => {
        const targets = [...new Set(cases.map(({ target }) => targetWords(target)))]
        const [plain, tcp] = [cases[0].plain[0], cases[0].tcp[0]]
        const isOne = targets.length === 1
        return {
          target: capitalized(listWords(targets)),
          cuts: isOne ? 'cuts' : 'cut',
          fails: isOne ? 'fails' : 'fail',
          place: plain?.node ?? 'NODE',
          ask: plain === undefined ? '' : digCommand(plain),
          tcp: tcp === undefined ? '' : digCommand(tcp),
        }
      },
    }),
  ],
  covers: [],
}

const isOfMost = (column: ReturnType<typeof columnOf>): boolean =>
  column !== undefined && column.failing > column.ok + column.degraded
