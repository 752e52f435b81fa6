import type { Role, Vantage } from '@oddnode/protocol'
import { isInService } from '../endpoints.ts'
import type { Fault } from '../fault.ts'
import { type LostQueries, lossOfOthers, lossRate, lossyCells, lostQueries } from '../lost-queries.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, type Sight } from '../sight.ts'
import { truth } from '../truth.ts'
import { listWords, percentWords, targetWords } from '../words.ts'

type Lossy = Case & {
  servers: LostQueries[]
  lost: LostQueries[]
  vantages: Vantage[]
  rate: number
  others: () => number | null
}

const FEWEST_LOST = 5
/** So many queries make a rate that is worth a number. */
const FEWEST_ASKED = 50
const SEVERE = 0.2
const ALTOGETHER = 0.9

/** While CoreDNS is rolled out some of its pods are asked that are gone already. */
const queriesOf = (sight: Sight, vantage: Vantage): LostQueries[] =>
  lostQueries(sight, vantage, 'udp').filter((server) => isInService(sight.fleet, server))

function losses(sight: Sight): Lossy[] {
  const vantages = (['host', 'pod'] as const).filter((vantage) => lossRate(queriesOf(sight, vantage)) > 0)
  const servers = vantages.flatMap((vantage) => queriesOf(sight, vantage))
  const lost = servers.filter((server) => server.lost > 0)
  if (lost.length === 0) return []
  const evidence = lossyCells(sight, vantages, lost)
  const explains = vantages
    .flatMap((vantage) => allCells(sight, vantage))
    .filter(({ planned }) => planned.transport === 'udp')
  const rate = lossRate(servers)
  // Asked last, of a node that loses enough: it costs more than all before.
  const others = () => lossOfOthers(sight.fleet, sight.at, sight.node.name, 'udp')
  return [{ since: sinceOf(sight, vantages), evidence, explains, servers, lost, vantages, rate, others }]
}

/** When the first lost query that still counts was asked: the beginning of the window that lost them. */
function sinceOf({ agents, at }: Sight, vantages: readonly Vantage[]): number {
  const starts = vantages.flatMap((vantage) => agents[vantage]?.windows.long.lostSince ?? [])
  return Math.min(at, ...starts)
}

/** What is lost altogether is a server that is cut off, not a share. */
const isPartly = ({ asked, lost }: LostQueries): boolean => lost < ALTOGETHER * asked

/** What leads to other servers loses what they lose. */
const LEADING: ReadonlySet<Role> = new Set(['cluster-dns', 'cluster-dns-upstream', 'resolv-conf'])

/** The servers that lose by themselves. */
const ownLosses = (servers: readonly LostQueries[]): Set<string> =>
  new Set(servers.filter(({ role }) => !LEADING.has(role)).map(({ address }) => address))

/** D-27b. */
export const dnsPacketsLostOnNode: Fault = {
  name: 'dns-packets-lost-on-node',
  tier: 1,
  about: 'A node loses a share of its UDP queries, to whatever server: programs there wait for a retry now and then.',
  cause:
    'The network card or its queues, a CPU that is stolen or busy, or a rate limit on the node: servers of every kind suffer alike, so that none of them is to blame. Errors of the card and full buffers of UDP are counted apart, and tell which it is.',
  remedy: 'Look at the network card, its queues, CPU steal and rate limits of the node; drain it meanwhile.',
  references: ['https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/'],
  notTakenFor: {
    'coredns-endpoint-failing': 'there one server loses queries, of all nodes',
    'conntrack-race-drops-paired-queries': 'there only one of two queries sent together is lost',
    'conntrack-table-full': 'there the connection table is full',
    'upstream-rate-limited': 'there only queries to the upstream resolver are lost',
    'reply-from-unexpected-source': 'there the answers come, from another address',
  },
  rules: [
    nodeRule<Lossy>({
      cases: losses,
      signature: {
        'five queries at least are lost, and it is not over': ({ vantages, lost }, { agents }) =>
          truth(
            vantages.some((vantage) => (agents[vantage]?.windows.long.lost ?? 0) >= FEWEST_LOST) &&
              lost.reduce((sum, one) => sum + one.lost, 0) >= FEWEST_LOST,
          ),
        'to three servers at least': ({ lost }) =>
          truth(new Set(lost.filter(isPartly).map(({ address }) => address)).size >= 3),
        'it is not one server and the ClusterIPs that lead to it': ({ lost }) => truth(ownLosses(lost).size >= 2),
        'enough was asked to know the share': ({ servers }) =>
          truth(servers.reduce((sum, { asked }) => sum + asked, 0) >= FEWEST_ASKED),
        'between 2 % and 90 % are lost': ({ rate }) => truth(rate >= 0.02 && rate < ALTOGETHER),
        'no server is cut off altogether': ({ servers }) =>
          truth(!servers.some(({ asked, lost }) => asked >= FEWEST_LOST && lost >= 0.9 * asked)),
        'the other nodes lose a fifth of that at most': ({ rate, others }) => truth(rate >= 5 * (others() ?? 0)),
      },
      isLikely: ({ others }) => others() === null,
      severity: ({ cases }) => (cases.some(({ rate }) => rate >= SEVERE) ? 'critical' : 'warning'),
      title: '{nodes} {loses} {share} of UDP queries',
      story: '{nodes} {loses} {share} of {its} UDP queries to {targets}; {others}.',
      confirm: ['on {node}: nstat -az UdpInErrors UdpRcvbufErrors; ethtool -S eth0 | grep -iE "drop|err"'],
      values: ({ cases, nodes }) => {
        const others = cases[0].others()
        const servers = cases.flatMap((one) => one.lost)
        return {
          loses: nodes.length > 1 ? 'lose' : 'loses',
          its: nodes.length > 1 ? 'their' : 'its',
          share: percentWords(cases.reduce((sum, { rate }) => sum + rate, 0) / cases.length),
          targets: listWords([...new Set(servers.map((server) => targetWords(server)))], 3),
          others:
            others === null ? 'there is no other node to compare it with' : `other nodes lose ${percentWords(others)}`,
        }
      },
    }),
  ],
  looksBack: true,
  covers: [],
}
