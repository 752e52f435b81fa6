import type { Fault } from '../fault.ts'
import { aggregatorClockWrong } from './aggregator-clock-wrong.ts'
import { clusterClockWrong } from './cluster-clock-wrong.ts'
import { clusterDnsHasNoEndpoints } from './cluster-dns-has-no-endpoints.ts'
import { clusterDnsNotDiscovered } from './cluster-dns-not-discovered.ts'
import { conntrackRaceDropsPairedQueries } from './conntrack-race-drops-paired-queries.ts'
import { conntrackTableFull } from './conntrack-table-full.ts'
import { corednsEndpointFailing } from './coredns-endpoint-failing.ts'
import { corednsNotSpread } from './coredns-not-spread.ts'
import { corednsNotSynced } from './coredns-not-synced.ts'
import { corednsOverloaded } from './coredns-overloaded.ts'
import { corednsReplicaStale } from './coredns-replica-stale.ts'
import { dnsBlockedOnNode } from './dns-blocked-on-node.ts'
import { dnsForwardsToItself } from './dns-forwards-to-itself.ts'
import { dnsPacketsLostOnNode } from './dns-packets-lost-on-node.ts'
import { dnsServerRefusesQueries } from './dns-server-refuses-queries.ts'
import { ednsQueriesFail } from './edns-queries-fail.ts'
import { externalAnswersWrong } from './external-answers-wrong.ts'
import { hostCannotUseClusterIp } from './host-cannot-use-cluster-ip.ts'
import { hostHasNoRouteToClusterIp } from './host-has-no-route-to-cluster-ip.ts'
import { ipv6PathBroken } from './ipv6-path-broken.ts'
import { ipv6UpstreamWithoutRoute } from './ipv6-upstream-without-route.ts'
import { largeAnswersNeedTcp } from './large-answers-need-tcp.ts'
import { leftoverNotrackRules } from './leftover-notrack-rules.ts'
import { negativeAnswerKeptTooLong } from './negative-answer-kept-too-long.ts'
import { networkPolicyBlocksDns } from './network-policy-blocks-dns.ts'
import { newNodeDnsNotReady } from './new-node-dns-not-ready.ts'
import { noTimeDaemon } from './no-time-daemon.ts'
import { nodeClockDrifting } from './node-clock-drifting.ts'
import { nodeClockInLocalTime } from './node-clock-in-local-time.ts'
import { nodeClockStepped } from './node-clock-stepped.ts'
import { nodeClockUnsynchronised } from './node-clock-unsynchronised.ts'
import { nodeClockWrong } from './node-clock-wrong.ts'
import { nodeCutOffFromPodNetwork } from './node-cut-off-from-pod-network.ts'
import { nodeDnsSlow } from './node-dns-slow.ts'
import { nodeLocalCacheStale } from './node-local-cache-stale.ts'
import { nodeLocalDnsAddressMissing } from './node-local-dns-address-missing.ts'
import { nodeLocalDnsNotRunning } from './node-local-dns-not-running.ts'
import { nodeNotObserved } from './node-not-observed.ts'
import { ntpServerSendsKissOfDeath } from './ntp-server-sends-kiss-of-death.ts'
import { ntpServerUnsynchronised } from './ntp-server-unsynchronised.ts'
import { ntpServerWrong } from './ntp-server-wrong.ts'
import { ntpServersUnreachable } from './ntp-servers-unreachable.ts'
import { pathMtuBlackhole } from './path-mtu-blackhole.ts'
import { podsCannotReachNodeLocalDns } from './pods-cannot-reach-node-local-dns.ts'
import { podsHaveNoNetwork } from './pods-have-no-network.ts'
import { podsHaveWrongNameserver } from './pods-have-wrong-nameserver.ts'
import { questionChangedOnTheWay } from './question-changed-on-the-way.ts'
import { replyFromUnexpectedSource } from './reply-from-unexpected-source.ts'
import { resolvConfOverLimits } from './resolv-conf-over-limits.ts'
import { searchDomainHasWildcard } from './search-domain-has-wildcard.ts'
import { searchListDiffers } from './search-list-differs.ts'
import { serviceRulesBrokenOnNode } from './service-rules-broken-on-node.ts'
import { staleConntrackKeepsDeadEndpoint } from './stale-conntrack-keeps-dead-endpoint.ts'
import { tcp53Blocked } from './tcp-53-blocked.ts'
import { truncationMissing } from './truncation-missing.ts'
import { udp53Blocked } from './udp-53-blocked.ts'
import { udpFragmentsDropped } from './udp-fragments-dropped.ts'
import { unexplainedDifference } from './unexplained-difference.ts'
import { upstreamRateLimited } from './upstream-rate-limited.ts'
import { upstreamResolverFailing } from './upstream-resolver-failing.ts'
import { upstreamsGiveDifferentAnswers } from './upstreams-give-different-answers.ts'
import { vantageSilent } from './vantage-silent.ts'
import { wrongClusterDomain } from './wrong-cluster-domain.ts'

/** The catalogue, root causes first: of two that could cover each other the earlier one does. */
export const faults: readonly Fault[] = [
  nodeNotObserved,
  vantageSilent,
  dnsForwardsToItself,
  clusterDnsHasNoEndpoints,
  corednsNotSynced,
  podsHaveNoNetwork,
  nodeCutOffFromPodNetwork,
  dnsBlockedOnNode,
  newNodeDnsNotReady,
  nodeLocalDnsNotRunning,
  nodeLocalDnsAddressMissing,
  podsCannotReachNodeLocalDns,
  networkPolicyBlocksDns,
  hostHasNoRouteToClusterIp,
  leftoverNotrackRules,
  serviceRulesBrokenOnNode,
  hostCannotUseClusterIp,
  tcp53Blocked,
  udp53Blocked,
  corednsEndpointFailing,
  staleConntrackKeepsDeadEndpoint,
  replyFromUnexpectedSource,
  dnsServerRefusesQueries,
  podsHaveWrongNameserver,
  wrongClusterDomain,
  searchListDiffers,
  conntrackTableFull,
  corednsOverloaded,
  upstreamResolverFailing,
  upstreamRateLimited,
  dnsPacketsLostOnNode,
  conntrackRaceDropsPairedQueries,
  nodeDnsSlow,
  pathMtuBlackhole,
  udpFragmentsDropped,
  truncationMissing,
  ednsQueriesFail,
  ipv6PathBroken,
  questionChangedOnTheWay,
  largeAnswersNeedTcp,
  ntpServerUnsynchronised,
  ntpServerSendsKissOfDeath,
  ntpServerWrong,
  clusterClockWrong,
  aggregatorClockWrong,
  nodeClockWrong,
  noTimeDaemon,
  ntpServersUnreachable,
  nodeClockUnsynchronised,
  nodeClockStepped,
  nodeClockDrifting,
  nodeClockInLocalTime,
  upstreamsGiveDifferentAnswers,
  externalAnswersWrong,
  searchDomainHasWildcard,
  corednsReplicaStale,
  nodeLocalCacheStale,
  negativeAnswerKeptTooLong,
  ipv6UpstreamWithoutRoute,
  corednsNotSpread,
  resolvConfOverLimits,
  clusterDnsNotDiscovered,
  unexplainedDifference,
]
