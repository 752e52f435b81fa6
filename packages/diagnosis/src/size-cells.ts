import type { Outcome } from '@oddnode/protocol'
import { isIPv6 } from './address-family.ts'
import type { Cell } from './cell.ts'
import { dead, stateOf } from './cell-truth.ts'
import { allCells, factsOf, local, type Sight } from './sight.ts'

/** What an answer may measure that every path carries (DNS Flag Day 2020), and every server sends over UDP with EDNS. */
export const SAFE_OCTETS = 1232

const DEFAULT_MTU = 1500
/** IPv4 or IPv6 header (RFC 791, 8200), and UDP's. */
const IPV4_OVERHEAD = 28
const IPV6_OVERHEAD = 48

/** The probes of a node that ask CoreDNS, directly or by a ClusterIP, for large answers with EDNS. */
export const largeCells = (sight: Sight): Cell[] =>
  (['host', 'pod'] as const)
    .flatMap((vantage) => allCells(sight, vantage))
    .filter(
      ({ planned: { question, edns, onlyAfterTruncation }, target }) =>
        question === 'large' && edns !== undefined && !onlyAfterTruncation && isRemote(sight, target),
    )

/** What goes over a wire: node-local DNS, and what lives on the node, does not. */
const isRemote = (sight: Sight, { role, address }: Cell['target']): boolean =>
  role !== 'node-local' && role !== 'resolv-conf' && local(sight, address) !== 'yes'

export const octetsOf = ({ planned }: Cell): number => planned.size ?? 0

/** Octets of headers before a DNS message over UDP. */
export const overheadOf = ({ target }: Cell): number => (isIPv6(target.address) ? IPV6_OVERHEAD : IPV4_OVERHEAD)

/** Whether an answer of this size comes in one packet: by the MTU of the way there, which is that of the way back as a rule. */
export function isOnePacket(sight: Sight, cell: Cell): boolean {
  const route = factsOf(sight, cell.vantage)?.routes?.find(({ address }) => address === cell.target.address)
  return octetsOf(cell) + overheadOf(cell) <= (route?.mtu ?? DEFAULT_MTU)
}

/** Those of these cells that get nothing, or may turn out so. */
export const lostAmong = (cells: readonly Cell[], outcomes: readonly Outcome[]): Cell[] =>
  cells.filter((cell) => {
    const isLost = dead([cell], outcomes)
    return isLost === 'yes' || isLost === 'wait'
  })

/** Every large answer of this size or more that fails on the node, whoever is asked and over both transports. */
export const failingFrom = (sight: Sight, octets: number): Cell[] =>
  (['host', 'pod'] as const)
    .flatMap((vantage) => allCells(sight, vantage))
    .filter((cell) => cell.planned.question === 'large' && octetsOf(cell) >= octets && stateOf(cell) === 'failing')
