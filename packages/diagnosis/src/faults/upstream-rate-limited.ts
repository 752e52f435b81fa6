import { ok } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { type LostQueries, lossOfOthers, lossRate, lossyCells, lostQueries } from '../lost-queries.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, cellsOf, type Sight } from '../sight.ts'
import { truth } from '../truth.ts'
import { countWords, percentWords } from '../words.ts'

type Limited = Case & { server: LostQueries; rate: number; others: number | null; coredns: number }

const FEWEST_LOST = 5

function limits(sight: Sight): Limited[] {
  const { fleet, at, node } = sight
  return lostQueries(sight, 'host', 'udp')
    .filter(({ role, lost }) => role === 'upstream' && lost >= FEWEST_LOST)
    .map((server) => ({
      since: Math.min(at, sight.agents.host?.windows.long.lostSince ?? at),
      evidence: lossyCells(sight, ['host'], [server]),
      explains: (['host', 'pod'] as const).flatMap((vantage) => allCells(sight, vantage, server)),
      server,
      rate: lossRate([server]),
      others: lossOfOthers(fleet, at, node.name, 'udp', [server]),
      coredns: fleet.cluster?.dns.endpoints?.filter((endpoint) => endpoint.node === node.name).length ?? 0,
    }))
}

/** D-21b. */
export const upstreamRateLimited: Fault = {
  name: 'upstream-rate-limited',
  tier: 2,
  about:
    'A node with CoreDNS pods loses a share of its queries to the upstream resolver, and to nobody else: more is asked from there than the resolver, or the cloud in between, lets pass.',
  cause:
    'The queries of all pods leave by the few nodes with CoreDNS, and the resolver or the cloud counts them by sender (AWS: 1,024 packets a second for each network interface); TCP takes several packets for each query.',
  remedy: 'Spread CoreDNS over more nodes, use node-local DNS, and do not force TCP to that upstream.',
  references: [
    'https://github.com/coredns/coredns/issues/4327',
    'https://github.com/aws/containers-roadmap/issues/2530',
  ],
  notTakenFor: {
    'dns-packets-lost-on-node': 'there queries to every server are lost',
    'upstream-resolver-failing': 'there most queries are lost, or all',
  },
  rules: [
    nodeRule<Limited>({
      cases: limits,
      signature: {
        'between 2 % and half of the queries to the upstream are lost': ({ rate }) => truth(rate >= 0.02 && rate < 0.5),
        'CoreDNS runs on the node': ({ coredns }) => truth(coredns > 0),
        'queries to other servers are not lost': (_, sight) =>
          truth(lossRate(lostQueries(sight, 'host', 'udp').filter(({ role }) => role !== 'upstream')) < 0.02),
        'other nodes lose a fifth of that at most': ({ rate, others }) => truth(others === null || rate >= 5 * others),
        'cluster names resolve': (_, sight) =>
          ok(cellsOf(sight, { vantage: 'host', role: 'endpoint', question: 'kubernetes' })),
      },
      severity: 'warning',
      title: '{nodes} {lose} queries to the upstream resolver {upstream}',
      story: '{nodes}, with {pods}, {lose} {share} of {their} queries to {upstream}, more under load.',
      confirm: ['on {node}: ethtool -S eth0 | grep linklocal_allowance_exceeded'],
      sameness: ({ server }) => server.address,
      values: ({ cases, nodes }) => ({
        upstream: cases[0].server.address,
        lose: nodes.length === 1 ? 'loses' : 'lose',
        their: nodes.length === 1 ? 'its' : 'their',
        share: percentWords(cases.reduce((sum, { rate }) => sum + rate, 0) / cases.length),
        pods: countWords(
          cases.reduce((sum, { coredns }) => sum + coredns, 0),
          'CoreDNS pod',
        ),
      }),
    }),
  ],
  looksBack: true,
  covers: [],
}
