import { type Cell, cellOf } from '../cell.ts'
import { dead, failingSince, ok, stateOf } from '../cell-truth.ts'
import { failingCells } from '../failing-cells.ts'
import type { Fault } from '../fault.ts'
import { agentKey, type Fleet } from '../fleet.ts'
import { nodeFails } from '../node-fails.ts'
import { columnOf, endpointOf } from '../peers.ts'
import { type Case, nodeRule } from '../rule.ts'
import type { Sight } from '../sight.ts'
import { failingFrom, isOnePacket, largeCells, lostAmong, octetsOf, overheadOf, SAFE_OCTETS } from '../size-cells.ts'
import { behindNodeLocal } from '../ways.ts'
import { listWords, targetWords } from '../words.ts'

type Blackhole = Case & {
  /** Answers of one packet that get lost. */
  lost: Cell[]
  /** The smallest of them, in octets. */
  octets: number
  /** Smaller ones of the same servers. */
  small: Cell[]
}

/** Answers of one packet above what every path carries that do not arrive on this node. */
function blackholes(sight: Sight): Blackhole[] {
  if (!nodeFails(sight)) return []
  const all = largeCells(sight).filter(({ planned }) => planned.transport === 'udp')
  const large = all.filter((cell) => octetsOf(cell) > SAFE_OCTETS && isOnePacket(sight, cell))
  const lost = lostAmong(large, ['timeout']).filter((cell) => !isOfOtherNode(sight, cell))
  if (lost.length === 0) return []
  const octets = Math.min(...lost.map(octetsOf))
  const small = all.filter(
    (cell) =>
      octetsOf(cell) <= SAFE_OCTETS && lost.some((one) => one.agent === cell.agent && one.target === cell.target),
  )
  const explains = [...failingFrom(sight, octets), ...lostFromHere(sight, octets), ...waitedFor(sight, lost)]
  return [{ since: failingSince(lost), evidence: lost, explains, lost, octets, small }]
}

/**
 * Nobody but its own node gets large answers of this CoreDNS pod, and that node loses those of others: the path is narrow there, not here.
 */
function isOfOtherNode({ fleet, node }: Sight, cell: Cell): boolean {
  const host = endpointOf(fleet, cell.target)?.node ?? null
  if (host === null || host === node.name) return false
  const column = columnOf(fleet, cell)
  const isLostByAll = column !== undefined && column.failing > 1 && column.ok + column.degraded <= 1
  return isLostByAll && losesLarge(fleet, host)
}

const losesLarge = ({ agents }: Fleet, node: string): boolean =>
  (['host', 'pod'] as const).some((vantage) => {
    const agent = agents.get(agentKey(node, vantage))
    if (agent === undefined) return false
    return agent.plan.probes.some(
      ({ question, transport }, probe) =>
        question === 'large' && transport === 'udp' && stateOf(cellOf(agent, probe)) === 'failing',
    )
  })

/** What others lose because CoreDNS pods run here, directly and by ClusterIPs. */
function lostFromHere({ fleet, node }: Sight, octets: number): Cell[] {
  const isHostedHere = (cell: Cell) => endpointOf(fleet, cell.target)?.node === node.name
  const large = failingCells(fleet, (cell) => cell.planned.question === 'large' && octetsOf(cell) >= octets)
  return large.some(isHostedHere) ? large.filter((cell) => isHostedHere(cell) || cell.target.role !== 'endpoint') : []
}

/** Node-local DNS asks by the same path: what waits for large answers there holds up the others, too. */
const waitedFor = (sight: Sight, lost: readonly Cell[]): Cell[] =>
  lost.some(({ vantage }) => vantage === 'host') ? behindNodeLocal(sight) : []

/** D-13. */
export const pathMtuBlackhole: Fault = {
  name: 'path-mtu-blackhole',
  tier: 2,
  about:
    'The path to a node carries smaller packets than both of its ends believe, and no ICMP message says so: large answers get lost, small ones pass. TCP connects, and its large answers stall.',
  cause:
    'A tunnel or another part of the way carries less than the MTU that both ends go by, and the ICMP message that would tell them ("fragmentation needed", IPv6: "packet too big") is dropped by a firewall.',
  remedy:
    'Lower the MTU of the CNI, clamp the MSS, or let ICMP "fragmentation needed" (IPv6: "packet too big") pass; `bufsize 1232` in the Corefile keeps answers small.',
  references: [
    'https://github.com/coredns/coredns/issues/7844',
    'https://github.com/rancher/rancher/issues/7243',
    'https://www.dnsflagday.net/2020/',
  ],
  notTakenFor: {
    'udp-fragments-dropped': 'there answers of one packet pass, and only fragments are lost',
    'truncation-missing': 'there the server fails on large answers, over a path that carries them',
    'edns-queries-fail': 'there small answers fail too',
  },
  rules: [
    nodeRule<Blackhole>({
      cases: blackholes,
      signature: {
        'answers of one packet above 1232 octets get lost': ({ lost }) => dead(lost, ['timeout']),
        'answers of 1232 octets and less arrive from the same servers': ({ small, since }) => ok(small, since),
      },
      sameness: ({ octets }) => String(octets),
      severity: 'warning',
      title: 'Answers of {size} octets do not reach {nodes}',
      story:
        'On {nodes} answers of {size} octets from {targets} get lost: the path carries at most {mtu} and says so to nobody.',
      confirm: ['on {node}: ping -M do -s {payload} -c 2 {address}'],
      values: ({ cases }) => {
        const [{ octets, lost }] = cases
        const targets = cases.flatMap((one) => one.lost.map(({ target }) => target))
        return {
          size: String(octets),
          targets: listWords([...new Set(targets.map(targetWords))]),
          address: targets[0]?.address ?? 'ENDPOINT',
          // ICMP's header is as long as UDP's.
          payload: String(octets),
          mtu: String(octets + (lost[0] === undefined ? 0 : overheadOf(lost[0])) - 1),
        }
      },
    }),
  ],
  covers: [{ faults: ['truncation-missing', 'edns-queries-fail'], on: 'same-nodes' }],
}
