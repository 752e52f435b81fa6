import type { Target } from '@oddnode/protocol'
import { badRun } from '../bad-run.ts'
import type { Cell } from '../cell.ts'
import { dead, failing, failingSince, someOk, wasAnsweredAfter, wrong } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import { MOST_NAMESERVERS, nameserversCut } from '../cut-by-kubelet.ts'
import { dnsPods } from '../dns-pods.ts'
import { clusterNamesOk, externalCells, failingExternal } from '../external-names.ts'
import type { Fault, View } from '../fault.ts'
import { isOwn, ownAddresses } from '../itself.ts'
import { late, lateSince } from '../late.ts'
import { type Case, nodeRule, type Statement, type Told } from '../rule.ts'
import { scopeOfNodes } from '../scope.ts'
import { cellsOf, factsOf, type Sight, targetsOf } from '../sight.ts'
import { any, not, type Truth, truth } from '../truth.ts'
import { probeState } from '../window.ts'

type Trouble = 'does not answer' | 'answers SERVFAIL' | 'is slow'
type LostUpstream = Case & { upstream: Target; trouble: Trouble; known: Truth; tcp: Cell[] }

const SERVFAIL = 2

/** Each upstream that the host gets nothing good from. */
function lost(sight: Sight): LostUpstream[] {
  return targetsOf(sight, 'upstream').flatMap((upstream) => {
    const asked = { vantage: 'host', role: 'upstream', address: upstream.address } as const
    const evidence = cellsOf(sight, { ...asked, transport: 'udp' })
    const trouble = troubleOf(evidence)
    if (trouble === null) return []
    const tcp = cellsOf(sight, { ...asked, transport: 'tcp' })
    return [
      {
        since: Math.min(failingSince(evidence), lateSince(evidence)),
        evidence,
        explains: failingExternal(sight),
        upstream,
        tcp,
        ...trouble,
      },
    ]
  })
}

function troubleOf(cells: readonly Cell[]): { trouble: Trouble; known: Truth } | null {
  const ways: [Trouble, Truth][] = [
    ['does not answer', dead(cells)],
    ['answers SERVFAIL', wrong(cells, SERVFAIL)],
    ['is slow', late(cells)],
  ]
  const way = ways.find(([, known]) => known === 'yes') ?? ways.find(([, known]) => known === 'wait')
  return way === undefined ? null : { trouble: way[0], known: way[1] }
}

/** TCP is asked rarely, and at once where UDP gets nothing, which may be too early to tell; slowness alone does not hasten it. */
function isSoOverTcp({ tcp, since, trouble }: LostUpstream): Truth {
  const answers = someOk(tcp, since)
  // Asked as rarely as that, it may have answered and have no state yet.
  if (answers === 'yes' || tcp.some((cell) => wasAnsweredAfter(cell, since))) return 'no'
  return trouble !== 'is slow' && tcp.some(isAwaited) ? 'wait' : 'yes'
}

/** It has not failed, and will be asked: not so where costly probes rest. */
function isAwaited({ agent, probe, planned }: Cell): boolean {
  if (badRun(agent.windows, probe).bad > 0) return false
  const { reason } = probeState(agent.windows, probe)
  return reason === 'not-looked-at' ? agent.lastSeen - agent.firstSeen < 2 * planned.everySeconds : reason !== 'stale'
}

/** What forwards to upstreams gets nothing good either: an upstream that nobody uses harms nobody. */
function externalFails(sight: Sight): Truth {
  const ways = (['node-local', 'endpoint'] as const).flatMap((role) =>
    targetsOf(sight, role).map((target) => externalCells(sight, target)),
  )
  const known = ways.map((cells) => any(failing(cells), late(cells))).filter((one) => one !== 'no-data')
  return known.length === 0 ? 'no-data' : any(...known)
}

/** An IPv6 address, and no way to any: then the resolver is not to blame. */
function lacksRoute(sight: Sight, { address }: Target): boolean {
  const { defaultRouteIpv6, globalIpv6 } = factsOf(sight, 'host')?.network ?? {}
  return address.includes(':') && (defaultRouteIpv6 === false || globalIpv6 === false)
}

/** Who forwards turns to it when this one does not answer. */
const anotherAnswers = (sight: Sight, { address }: Target, since: number): Truth =>
  any(
    ...targetsOf(sight, 'upstream')
      .filter((other) => other.address !== address)
      .map((other) => someOk(cellsOf(sight, { vantage: 'host', role: 'upstream', address: other.address }), since)),
  )

/** Then that is told, with those among them that do not answer: as the file says, or kubelet that cut it for a pod. */
function namesTooMany(sight: Sight): boolean {
  const nameservers = factsOf(sight, 'host')?.resolvConf?.nameservers ?? []
  return nameservers.length > MOST_NAMESERVERS || nameserversCut(sight).has(sight.node.name)
}

const isLost: Statement<Sight, LostUpstream>['signature'] = {
  'the host gets no answer from the upstream, SERVFAIL, or answers that are late': ({ known }) => known,
  'it is not so over UDP alone': isSoOverTcp,
  'names of the cluster are answered': ({ since }, sight) => clusterNamesOk(sight, since),
  'the upstream is not the DNS of the cluster itself': ({ upstream }, { fleet }) =>
    truth(!isOwn(ownAddresses(fleet), upstream.address)),
  'the node has a way to such addresses': ({ upstream }, sight) => truth(!lacksRoute(sight, upstream)),
}

/** Both forms of it: where nobody else answers what it was asked for, and where another upstream does. */
const told = {
  cases: lost,
  sameness: ({ upstream, trouble }: LostUpstream) => `${upstream.address} ${trouble}`,
  scope: ([{ upstream }]: readonly [LostUpstream, ...LostUpstream[]], nodes: readonly string[], { fleet }: View) =>
    scopeOfNodes(fleet, nodes, { role: upstream.role, address: upstream.address, pod: null, node: null }),
  title: 'The upstream resolver {upstream} {trouble}',
  confirm: [
    'on {node}: dig +time=2 +tries=1 @{dnsServer} {external}.',
    "kubectl -n {namespace} logs -l {selector} | grep 'i/o timeout'",
  ],
  values: ({ cases: [{ upstream, trouble, evidence }], fleet }: Told<LostUpstream>) => ({
    upstream: upstream.address,
    dnsServer: dnsServer(upstream),
    trouble,
    external: evidence[0]?.agent.plan.names.external ?? 'oddnode.invalid',
    ...dnsPods(fleet),
  }),
}

/** D-21. */
export const upstreamResolverFailing: Fault = {
  name: 'upstream-resolver-failing',
  tier: 1,
  about:
    'A resolver outside the cluster, to which CoreDNS or node-local DNS forwards, gives nothing good even when it is asked directly: names outside the cluster fail, those of the cluster work.',
  cause:
    'From every node: the resolver itself is down, overloaded, or (SERVFAIL) cannot resolve. From one node: its route, firewall or quota; where that node runs CoreDNS, names outside the cluster fail by that pod for everybody.',
  remedy:
    'From one node: its route, firewall or quota to {upstream}. From every node: repair or replace the resolver. Have two upstreams, and serve_stale in the cache. CoreDNS takes even a resolver that answers SERVFAIL for healthy.',
  references: [
    'https://github.com/Azure/AKS/issues/964',
    'https://github.com/coredns/coredns/issues/4662',
    'https://github.com/k3s-io/k3s/issues/3153',
    'https://coredns.io/plugins/forward/',
  ],
  notTakenFor: {
    'dns-forwards-to-itself': 'there every other upstream answers when it is asked directly',
    'dns-server-refuses-queries': 'there it answers REFUSED',
    'resolv-conf-over-limits': 'there resolv.conf names more nameservers than count, some of which do not answer',
    'udp-53-blocked': 'there the same resolver answers over TCP',
    'upstream-rate-limited': 'there only a share of the queries is lost',
    'ipv6-upstream-without-route': 'there the node has no way to any IPv6 address',
  },
  rules: [
    nodeRule<LostUpstream>({
      ...told,
      signature: isLost,
      supportedBy: {
        'names outside the cluster fail through node-local DNS or CoreDNS': (_, sight) => externalFails(sight),
      },
      severity: 'critical',
      story:
        'From {nodes} the upstream resolver {upstream} {trouble}: names outside the cluster fail, cluster names work.',
    }),
    nodeRule<LostUpstream>({
      ...told,
      signature: {
        ...isLost,
        'resolv.conf names no more nameservers than count': (_, sight) => truth(!namesTooMany(sight)),
        'another upstream answers': ({ upstream, since }, sight) => anotherAnswers(sight, upstream, since),
        'names outside the cluster are answered all the same': (_, sight) => not(externalFails(sight)),
      },
      severity: 'warning',
      story:
        'From {nodes} the upstream resolver {upstream} {trouble}; another one answers, and names outside the cluster still resolve, some of them late.',
    }),
  ],
  covers: [{ faults: ['node-local-cache-stale'], on: 'same-nodes' }],
}
