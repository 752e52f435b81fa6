import type { Fault, View } from '../fault.ts'
import type { Fleet, FleetAgent } from '../fleet.ts'
import { groupValues } from '../group-values.ts'
import { type FactValue, haveToldFacts, isUnusual, scopeOfFacts } from '../odd-fact.ts'
import { domainOf, resolvConfOf } from '../resolv-conf.ts'
import { fleetRule } from '../rule.ts'
import { type Truth, truth } from '../truth.ts'
import { listWords } from '../words.ts'

const searched = (agent: FleetAgent): string | null => {
  const conf = resolvConfOf(agent)
  return conf === null ? null : domainOf(conf)
}

/** Each cluster domain that pods search. */
const domains = ({ fleet, at }: View): FactValue[] =>
  groupValues(fleet, 'pod', searched).flatMap(({ usual, values }) =>
    values.map(({ value, nodes }) => ({ since: at, evidence: [], found: value, usual, nodes })),
  )

const plain = (zone: string): string => zone.toLowerCase().replace(/\.$/, '')

/** Zones of the Corefile in which Services have their names; null where it cannot be read. */
const zonesOf = ({ cluster }: Fleet): string[] | null =>
  cluster?.dns.zones?.map(plain).filter((zone) => !zone.endsWith('.arpa')) ?? null

/** The Corefile decides where it can be read; else what most nodes have. */
function isWrong(one: FactValue, fleet: Fleet): Truth {
  const zones = zonesOf(fleet)
  return zones === null ? isUnusual(one) : truth(!zones.includes('') && !zones.includes(plain(one.found)))
}

/** D-22. */
export const wrongClusterDomain: Fault = {
  name: 'wrong-cluster-domain',
  tier: 2,
  about:
    'Pods search a cluster domain that CoreDNS does not serve: kubelet and Corefile were configured differently, and short names of Services do not resolve.',
  cause:
    'clusterDomain of the kubelet and the zone in the Corefile were set apart from each other: where some nodes differ it is their kubelet, where all do the Corefile.',
  remedy: "Align clusterDomain in the kubelet's configuration and the zone in the Corefile; recreate the pods.",
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
    'https://coredns.io/plugins/kubernetes/',
  ],
  notTakenFor: { 'search-list-differs': 'there the cluster domain is the same' },
  rules: [
    fleetRule<FactValue>({
      cases: domains,
      signature: {
        'pods search a cluster domain that is no zone of the Corefile, or unlike that of most nodes': (
          one,
          { fleet },
        ) => isWrong(one, fleet),
      },
      supportedBy: {
        'the Corefile can be read': (_, { fleet }) => (zonesOf(fleet) === null ? 'no-data' : 'yes'),
      },
      sameness: ({ found }) => found,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: 'critical',
      title: 'Pods on {nodes} search {found}',
      story: 'Pods on {nodes} search {found}, CoreDNS serves {served}: short Service names do not resolve.',
      confirm: [
        'in a pod on {node}: cat /etc/resolv.conf',
        'in a pod on {node}: dig @{server} dns-version.{found}. TXT +noall +answer +authority',
      ],
      values: ({ cases: [{ found, usual }], fleet }) => ({
        found,
        served: listWords(zonesOf(fleet) ?? [usual ?? '']) || 'none',
        server: fleet.cluster?.dns.addresses[0] ?? 'CLUSTER-DNS',
      }),
    }),
  ],
  isOver: ({ scope }, { fleet }) => haveToldFacts(fleet, scope, 'pod'),
  covers: [{ faults: ['search-list-differs'], on: 'same-nodes' }],
}
