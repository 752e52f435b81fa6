import type { Cell } from '../cell.ts'
import { failing, failingSince } from '../cell-truth.ts'
import { areRecovered } from '../evidence.ts'
import { failingExternal } from '../external-names.ts'
import type { Fault, View } from '../fault.ts'
import { agentKey } from '../fleet.ts'
import { haveToldFacts, scopeOfFacts } from '../odd-fact.ts'
import { nodesWhose, resolvConfOf } from '../resolv-conf.ts'
import { type Case, fleetRule } from '../rule.ts'
import { allCells, type factsOf, type Sight, sightOf } from '../sight.ts'
import { any, type Truth, truth } from '../truth.ts'

type Unrouted = Case & { upstream: string; nodes: readonly string[]; hasNoRoute: Truth }

/** Each IPv6 nameserver of a host that needs a route: a link-local one does not. */
function ipv6Upstreams({ fleet, at }: View): Unrouted[] {
  const naming = nodesWhose(fleet, 'host', ({ nameservers }) => nameservers.some(needsRoute))
  return naming.flatMap((name) => {
    const node = fleet.nodes.get(name)
    const host = fleet.agents.get(agentKey(name, 'host'))
    const named = (host && resolvConfOf(host)?.nameservers)?.filter(needsRoute) ?? []
    if (node === undefined) return []
    const sight = sightOf(fleet, node, at)
    return named.map((upstream) => {
      const evidence = askedOf(sight, upstream)
      const since = Math.min(at, failingSince(evidence))
      const explains = failing(evidence) === 'yes' ? failingExternal(sight) : []
      return { since, evidence, explains, upstream, nodes: [name], hasNoRoute: hasNoRoute(host?.facts ?? null) }
    })
  })
}

const needsRoute = (address: string): boolean =>
  address.includes(':') && address !== '::1' && !/^fe[89ab]/i.test(address)

/** What the host asks it over UDP. */
const askedOf = (sight: Sight, address: string): Cell[] =>
  allCells(sight, 'host').filter(({ target, planned }) => target.address === address && planned.transport === 'udp')

function hasNoRoute(facts: ReturnType<typeof factsOf>): Truth {
  const { defaultRouteIpv6 = null, globalIpv6 = null } = facts?.network ?? {}
  const known = [defaultRouteIpv6, globalIpv6].map((one): Truth => (one === null ? 'no-data' : truth(!one)))
  return any(...known)
}

/** D-32b. */
export const ipv6UpstreamWithoutRoute: Fault = {
  name: 'ipv6-upstream-without-route',
  tier: 2,
  about:
    'The resolv.conf of a node names a resolver by its IPv6 address, but the node has no IPv6 address or route: whatever is forwarded there is lost.',
  cause:
    'The network, or whoever wrote the file, handed out a resolver for both families to a node that speaks IPv4 only; what forwards to that file asks it in turn with the others.',
  remedy: 'Take {upstream} out of the resolv.conf that kubelet uses (resolvConf), or give the node an IPv6 route.',
  references: ['https://github.com/k3s-io/k3s/issues/3153', 'https://github.com/kubernetes-sigs/kind/issues/1736'],
  notTakenFor: {
    'upstream-resolver-failing': 'there the node has a way to the resolver, or the resolver has an IPv4 address',
  },
  rules: [
    fleetRule<Unrouted>({
      cases: ipv6Upstreams,
      signature: {
        'the host has no global IPv6 address, or no IPv6 route': (one) => one.hasNoRoute,
      },
      supportedBy: { 'it is asked, and gives no answer': ({ evidence }) => failing(evidence) },
      sameness: ({ upstream }) => upstream,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: 'warning',
      title: '{nodes} cannot reach the IPv6 resolver {upstream}',
      story: '{nodes} {lists} IPv6 resolver {upstream} but {has} no IPv6 route: a share of external queries fails.',
      confirm: ['on {node}: ip -6 route', 'on {node}: cat /etc/resolv.conf'],
      values: ({ cases: [{ upstream }], scope }) => {
        const areSeveral = scope.kind === 'group'
        return { upstream, lists: areSeveral ? 'list' : 'lists', has: areSeveral ? 'have' : 'has' }
      },
    }),
  ],
  isOver: ({ scope, evidence }, { fleet }) => haveToldFacts(fleet, scope, 'host') && areRecovered(fleet, evidence),
  covers: [],
}
