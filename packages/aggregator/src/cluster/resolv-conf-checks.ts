import { type ClusterCheck, type ClusterEvent, isLoopback, type ResolvConfFact, type Vantage } from '@oddnode/protocol'
import type { AgentFacts } from './agent-facts.ts'

/** What the nameservers and search lists are held against. */
export type Expected = {
  namespace: string | null
  clusterDomain: string | null
  /** Where the Corefile forwards other names to is the node's resolv.conf; null where no Corefile could be read. */
  forwardsToResolvConf: boolean | null
  /** What kubelet said of our pods. */
  events: readonly ClusterEvent[]
}

type Seen = { node: string; vantage: Vantage; resolvConf: ResolvConfFact }

/** The checks of the Kubernetes page on debugging DNS that the agents' copies of resolv.conf answer. */
export function resolvConfChecks(agents: Iterable<AgentFacts>, expected: Expected): ClusterCheck[] {
  const seen = [...agents].flatMap(({ node, vantage, facts }): Seen[] =>
    facts?.resolvConf ? [{ node, vantage, resolvConf: facts.resolvConf }] : [],
  )
  const pods = seen.filter(({ vantage }) => vantage === 'pod')
  const hosts = seen.filter(({ vantage }) => vantage === 'host')
  return [
    check(
      'search-domains-repeated',
      seen,
      'names a search domain twice',
      hasRepeats,
      'Every search domain is named once',
    ),
    limitCheck(seen, expected.events),
    loopCheck(hosts, expected.forwardsToResolvConf),
    searchCheck(pods, expected),
  ]
}

function check(
  id: string,
  seen: readonly Seen[],
  wrong: string,
  isWrong: (resolvConf: ResolvConfFact) => boolean,
  well: string,
): ClusterCheck {
  if (seen.length === 0) return { id, passed: null, detail: 'No agent has told its resolv.conf yet.' }
  const odd = seen.filter(({ resolvConf }) => isWrong(resolvConf))
  const detail =
    odd.length === 0 ? `${well}, as ${agentsText(seen.length)} tell.` : `The resolv.conf of ${namesText(odd)} ${wrong}.`
  return { id, passed: odd.length === 0, detail }
}

const hasRepeats = ({ search }: ResolvConfFact): boolean => new Set(search).size < search.length

/** kubelet cuts a file before a pod gets it: the copies that agents read never show more than it leaves. */
function limitCheck(seen: readonly Seen[], events: readonly ClusterEvent[]): ClusterCheck {
  const id = 'nameserver-limit'
  const cut = events.filter(({ reason }) => reason === 'DNSConfigForming')
  const [first] = cut
  if (first !== undefined) {
    const nodes = [...new Set(cut.flatMap(({ node }) => node ?? []))].sort()
    return {
      id,
      passed: false,
      detail: `kubelet cuts the resolv.conf of ${listed(nodes)}: ${first.message}`.slice(0, 512),
    }
  }
  const wrong = 'names more than the limits of glibc and musl allow'
  return check(id, seen, wrong, isOverLimits, 'No resolv.conf is over the limits of glibc and musl')
}

const isOverLimits = ({ limits, nameservers }: ResolvConfFact): boolean => limits.length > 0 || nameservers.length > 3

/** systemd-resolved's stub, or any other address of the machine itself: a pod that copies it asks itself. */
function loopCheck(hosts: readonly Seen[], forwards: boolean | null): ClusterCheck {
  const id = 'systemd-resolved-loop'
  const isLoop = ({ usedNameservers }: ResolvConfFact) => forwards !== false && usedNameservers.some(isLoopback)
  const well =
    forwards === false ? 'CoreDNS forwards to no resolv.conf' : 'No host has a nameserver on its own loopback'
  return check(id, hosts, 'names a server on its own loopback, which CoreDNS would take for itself', isLoop, well)
}

/** Names without a namespace are looked up in the pod's own: its search list begins there. */
function searchCheck(pods: readonly Seen[], { namespace, clusterDomain }: Expected): ClusterCheck {
  const id = 'namespace-search'
  if (namespace === null || clusterDomain === null)
    return { id, passed: null, detail: 'The cluster domain is not known.' }
  const wanted = [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain]
  const lacks = ({ search }: ResolvConfFact) => wanted.some((domain, place) => search[place] !== domain)
  return check(id, pods, `does not search ${wanted.join(', ')} first`, lacks, `Pods search ${wanted.join(', ')} first`)
}

const agentsText = (count: number): string => (count === 1 ? '1 agent' : `${count} agents`)

const MOST_NAMES = 4

const namesText = (odd: readonly Seen[]): string =>
  listed(odd.map(({ node, vantage }) => `${node} (${vantage})`).sort())

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES
  return rest > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${rest} more` : names.join(', ')
}
