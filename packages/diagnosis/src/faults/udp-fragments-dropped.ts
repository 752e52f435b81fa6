import type { Cell } from '../cell.ts'
import { dead, failingSince, ok } from '../cell-truth.ts'
import { digCommand } from '../confirm.ts'
import type { Fault } from '../fault.ts'
import { nodeFails } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import type { Sight } from '../sight.ts'
import { failingFrom, isOnePacket, largeCells, lostAmong, octetsOf, SAFE_OCTETS } from '../size-cells.ts'

type Dropped = Case & {
  /** Answers of several packets that get lost. */
  lost: Cell[]
  /** Answers of one packet, as large as may be, from the same servers. */
  whole: Cell[]
  /** The lost ones over TCP. */
  tcp: Cell[]
}

/** Answers above the MTU that do not arrive on this node over UDP. */
function dropped(sight: Sight): Dropped[] {
  if (!nodeFails(sight)) return []
  const large = largeCells(sight)
  const udp = large.filter(({ planned }) => planned.transport === 'udp')
  const lost = lostAmong(
    udp.filter((cell) => !isOnePacket(sight, cell)),
    ['timeout'],
  )
  if (lost.length === 0) return []
  const isSameServer = (cell: Cell) => lost.some(({ agent, target }) => agent === cell.agent && target === cell.target)
  const octets = Math.min(...lost.map(octetsOf))
  return [
    {
      since: failingSince(lost),
      evidence: lost,
      explains: failingFrom(sight, octets).filter(({ planned }) => planned.transport === 'udp'),
      lost,
      whole: udp.filter((cell) => isSameServer(cell) && octetsOf(cell) > SAFE_OCTETS && isOnePacket(sight, cell)),
      tcp: large.filter((cell) => isSameServer(cell) && cell.planned.transport === 'tcp' && octetsOf(cell) >= octets),
    },
  ]
}

/** D-14. */
export const udpFragmentsDropped: Fault = {
  name: 'udp-fragments-dropped',
  tier: 2,
  about:
    'Something drops fragments on their way to a node: UDP answers above the MTU are lost, smaller ones and TCP work.',
  cause: 'A firewall or a security group drops fragments: only the first of them names a port.',
  remedy: 'Put `bufsize 1232` into the Corefile, so that larger answers are asked for over TCP; or let fragments pass.',
  references: ['https://coredns.io/plugins/bufsize/'],
  notTakenFor: { 'path-mtu-blackhole': 'there answers of one packet get lost too' },
  rules: [
    nodeRule<Dropped>({
      cases: dropped,
      signature: {
        'UDP answers above the MTU get lost': ({ lost }) => dead(lost, ['timeout']),
        'answers of one packet arrive, up to the MTU': ({ whole, since }) => ok(whole, since),
        'over TCP the same answers arrive': ({ tcp, since }) => ok(tcp, since),
      },
      severity: 'info',
      title: 'Fragments do not reach {nodes}',
      story: 'Fragments do not reach {nodes}: UDP answers above the MTU are lost, smaller ones and TCP work.',
      confirm: ['on {node}: {ask}'],
      values: ({
        cases: [
          {
            lost: [cell],
          },
        ],
      }) => ({ ask: cell === undefined ? '' : digCommand(cell) }),
    }),
  ],
  covers: [],
}
