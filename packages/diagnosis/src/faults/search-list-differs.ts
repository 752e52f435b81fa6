import type { Fault } from '../fault.ts'
import type { Fleet, FleetAgent, FleetNode } from '../fleet.ts'
import {
  type FactSplit,
  type FactValue,
  factSplits,
  factValues,
  hasNoMajority,
  haveToldFacts,
  isUnusual,
  scopeOfFacts,
  splitWords,
} from '../odd-fact.ts'
import { domainOf, type ResolvConf, resolvConfOf } from '../resolv-conf.ts'
import { fleetRule } from '../rule.ts'

/** What was made of each file: a fleet has one for each node, and they hardly ever change. */
const made = new WeakMap<ResolvConf, { zone: string; list: string }>()

function searchListOf(agent: FleetAgent, { attributes }: FleetNode): string | null {
  const conf = resolvConfOf(agent)
  if (conf === null) return null
  const zone = attributes['zone'] ?? ''
  const known = made.get(conf)
  if (known?.zone === zone) return known.list
  const list = comparable(conf, zone)
  made.set(conf, { zone, list })
  return list
}

/** As far as it should be alike: clouds put the zone into it, and another cluster domain is a fault of its own. */
function comparable(conf: ResolvConf, zone: string): string {
  const domain = domainOf(conf)
  const list = conf.search.map((one) =>
    domain !== null && isUnder(one, domain) ? `${one.slice(0, -domain.length)}DOMAIN` : one,
  )
  return list.map((one) => (zone === '' ? one : one.replace(zone, 'ZONE'))).join(' ') || 'none'
}

/** With the cluster's domain back in its place. */
const asWritten = (list: string, { cluster }: Fleet): string =>
  list.replaceAll('DOMAIN', cluster?.dns.clusterDomain ?? 'DOMAIN')

const isUnder = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`)

function optionsOf(agent: FleetAgent): string | null {
  const conf = resolvConfOf(agent)
  return conf === null ? null : conf.options.toSorted().join(' ') || 'none'
}

const common = {
  scope: (
    cases: readonly { nodes: readonly string[] }[],
    _: readonly string[],
    view: Parameters<typeof scopeOfFacts>[1],
  ) => scopeOfFacts(cases, view),
  severity: 'warning',
  confirm: ['in a pod on {node}: cat /etc/resolv.conf'],
} as const

/** Nodes unlike most of their group. @param what `search list` or `options` */
const unlikeMost = (what: string, read: (agent: FleetAgent, node: FleetNode) => string | null) =>
  fleetRule<FactValue>({
    ...common,
    cases: (view) => factValues(view, 'pod', read),
    signature: { [`most nodes of the group give their pods another ${what}`]: isUnusual },
    sameness: ({ found, usual }) => `${found}\n${usual}`,
    title: `Pods on {nodes} have ${what === 'options' ? 'other' : 'another'} ${what}`,
    story: `Pods on {nodes} have ${what} {found} instead of {usual}: short names cost more queries or resolve differently.`,
    values: ({ cases: [{ found, usual }], fleet }) => ({
      found: asWritten(found, fleet),
      usual: asWritten(usual ?? '', fleet),
    }),
  })

const inHalves = (what: string, read: (agent: FleetAgent, node: FleetNode) => string | null) =>
  fleetRule<FactSplit>({
    ...common,
    cases: (view) => factSplits(view, 'pod', read),
    signature: { [`no ${what} is that of most nodes of the group`]: hasNoMajority },
    isLikely: () => true,
    sameness: splitWords,
    title: `Pods have different ${what === 'options' ? what : `${what}s`}`,
    story: `Pods have ${what} {halves}: short names cost more queries or resolve differently on some of them.`,
    values: ({ cases: [first], fleet }) => ({ halves: asWritten(splitWords(first), fleet) }),
  })

/** D-18. */
export const searchListDiffers: Fault = {
  name: 'search-list-differs',
  tier: 2,
  about:
    'Pods of a node have another search list, or other options, in resolv.conf than those of the other nodes: kubelet appends the search list of the file that it is given there.',
  cause:
    'kubelet appends the search list of the file that its resolvConf names, and that is another one there: another image, or another network. A pod keeps the resolv.conf of its creation, so that one may also be older than a change.',
  remedy: 'Give all kubelets the same resolv.conf (resolvConf), and pods ndots:2 or absolute names; recreate the pods.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/49113',
    'https://github.com/openshift/origin/issues/17316',
    'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  ],
  notTakenFor: { 'wrong-cluster-domain': 'there the cluster domain in the list is another one' },
  rules: [
    unlikeMost('search list', searchListOf),
    inHalves('search list', searchListOf),
    unlikeMost('options', optionsOf),
    inHalves('options', optionsOf),
  ],
  isOver: ({ scope }, { fleet }) => haveToldFacts(fleet, scope, 'pod'),
  covers: [],
}
