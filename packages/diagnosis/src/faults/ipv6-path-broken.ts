import type { Target, Vantage } from '@oddnode/protocol'
import { isIPv6 } from '../address-family.ts'
import { okElsewhere } from '../beside.ts'
import type { Cell } from '../cell.ts'
import { dead, failingSince, ok } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { nodeFails } from '../node-fails.ts'
import { endpointOf } from '../peers.ts'
import { type Case, nodeRule } from '../rule.ts'
import { cellsOf, type Sight, targetsOf } from '../sight.ts'
import { not } from '../truth.ts'
import { allCellsTo } from '../ways.ts'
import { listWords, targetWords } from '../words.ts'

type Pair = { target: Target; v6: Cell[]; v4: Cell[] }
type Broken = Case & {
  pairs: Pair[]
  v6: Cell[]
  v4: Cell[]
  /** Of all CoreDNS pods, over IPv6. */
  endpoints: Cell[]
}

const both: readonly Vantage[] = ['host', 'pod']

/** Servers of two families that this node gets no answer from over IPv6; all of them are one case. */
function broken(sight: Sight): Broken[] {
  if (!nodeFails(sight)) return []
  const pairs = dualStack(sight).filter(({ v6 }) => {
    const isDead = dead(v6)
    return isDead === 'yes' || isDead === 'wait'
  })
  if (pairs.length === 0) return []
  const targets = pairs.map(({ target }) => target)
  const v6 = pairs.flatMap((pair) => pair.v6)
  const v4 = pairs.flatMap((pair) => pair.v4)
  const endpoints = both.flatMap((vantage) => cellsOf(sight, { vantage, role: 'endpoint' }))
  return [
    {
      since: failingSince(v6),
      evidence: v6,
      explains: allCellsTo(sight, targets),
      pairs,
      v6,
      v4,
      endpoints: endpoints.filter(({ target }) => isIPv6(target.address)),
    },
  ]
}

/** Each server's IPv6 address that is asked, with the probes of it from one vantage, and those of its IPv4 address. */
function dualStack(sight: Sight): Pair[] {
  return (['node-local', 'cluster-dns', 'cluster-dns-upstream', 'endpoint'] as const).flatMap((role) => {
    const all = targetsOf(sight, role)
    const [sixes, fours] = [all.filter(({ address }) => isIPv6(address)), all.filter(({ address }) => !isIPv6(address))]
    return sixes.flatMap((target) => {
      const twins = fours.filter((one) => role !== 'endpoint' || isSamePod(sight, target, one))
      return both.flatMap((vantage) => {
        const cellsAt = ({ address }: Target) => cellsOf(sight, { vantage, role, address })
        const pair = { target, v6: cellsAt(target), v4: twins.flatMap(cellsAt) }
        return pair.v6.length > 0 && pair.v4.length > 0 ? [pair] : []
      })
    })
  })
}

function isSamePod({ fleet }: Sight, a: Target, b: Target): boolean {
  const pod = endpointOf(fleet, a)?.pod ?? null
  return pod !== null && pod === endpointOf(fleet, b)?.pod
}

/** D-32. */
export const ipv6PathBroken: Fault = {
  name: 'ipv6-path-broken',
  tier: 2,
  about: 'A server answers a node over IPv4 and not over IPv6, and answers other nodes over both.',
  cause:
    'IPv6 has routes, forwarding (net.ipv6.conf.all.forwarding) and firewall rules of its own, and on this way one of them is missing or wrong, while those of IPv4 are right.',
  remedy: 'Look at the IPv6 route, forwarding (net.ipv6.conf.all.forwarding) and the IPv6 rules of the firewall there.',
  references: ['https://github.com/k3s-io/k3s/issues/5849', 'https://github.com/cilium/cilium/issues/19894'],
  notTakenFor: {
    'service-rules-broken-on-node': 'there the CoreDNS pods answer over IPv6, and only the ClusterIP does not',
    'ipv6-upstream-without-route': 'there a resolver outside has only an IPv6 address',
  },
  rules: [
    nodeRule<Broken>({
      cases: broken,
      signature: {
        'no answer over IPv6': ({ v6 }) => dead(v6),
        'the same server answers over IPv4': ({ v4, since }) => ok(v4, since),
        'some CoreDNS pod fails over IPv6 too, so that it is not the rules of the ClusterIP': ({ endpoints, since }) =>
          not(ok(endpoints, since)),
        'it answers other nodes over IPv6': ({ v6, since }, { fleet }) => okElsewhere(fleet, v6, since),
      },
      severity: 'warning',
      title: 'IPv6 is broken on {nodes}',
      story: 'On {nodes} {target} {answers} over IPv4 but not over IPv6.',
      confirm: ['on {node}: ip -6 route get {address}'],
      values: ({ cases }) => {
        const pairs = cases.flatMap((one) => one.pairs)
        const words = [...new Set(pairs.map(pairWords))]
        return {
          target: listWords(words),
          answers: words.length === 1 ? 'answers' : 'answer',
          address: pairs[0]?.target.address ?? 'ADDRESS',
        }
      },
    }),
  ],
  covers: [{ faults: ['service-rules-broken-on-node'], on: 'same-nodes' }],
}

/** By its IPv4 address, with the one that is not answered. */
const pairWords = ({ target, v4: [twin] }: Pair): string => `${targetWords(twin?.target ?? target)} (${target.address})`
