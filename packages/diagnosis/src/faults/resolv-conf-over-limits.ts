import type { ClusterEvent, Severity } from '@oddnode/protocol'
import type { Cell } from '../cell.ts'
import { dead, failingSince } from '../cell-truth.ts'
import { MOST_NAMESERVERS, nameserversCut, searchCut } from '../cut-by-kubelet.ts'
import { areRecovered } from '../evidence.ts'
import type { Fault, View } from '../fault.ts'
import { agentKey, type Fleet } from '../fleet.ts'
import { haveToldFacts, scopeOfFacts } from '../odd-fact.ts'
import { nodesWhose, type ResolvConf, resolvConfOf } from '../resolv-conf.ts'
import { type Case, fleetRule, type Told } from '../rule.ts'
import { allCells, type Sight, sightOf } from '../sight.ts'
import { truth } from '../truth.ts'
import { listWords } from '../words.ts'

/** glibc before 2.26. */
const MOST_DOMAINS = 6
const MOST_OCTETS = 256
/** Every pod has these: NAMESPACE.svc.DOMAIN, svc.DOMAIN and DOMAIN. */
const DOMAINS_OF_KUBELET = 3

type OnNode = Case & { nodes: readonly string[] }
/** How many nameservers are named (null: more than three), and which of them count. */
type Named = OnNode & { count: number | null; used: readonly string[]; silent: readonly string[] }
type Repeated = OnNode & { address: string | null; different: number }
type Searched = OnNode & { domains: number; octets: number; isCut: boolean }

/** The nodes of these lists, each once, in order. */
const together = (...lists: Iterable<string>[]): string[] => [...new Set(lists.flatMap((list) => [...list]))].sort()

function confOf({ agents }: Fleet, node: string, vantage: 'host' | 'pod'): ResolvConf | null {
  const agent = agents.get(agentKey(node, vantage))
  return agent === undefined ? null : resolvConfOf(agent)
}

function named(view: View): Named[] {
  const events = nameserversCut(view)
  const full = nodesWhose(view.fleet, 'host', ({ nameservers }) => nameservers.length >= MOST_NAMESERVERS)
  return together(full, events.keys()).flatMap((node) => {
    const conf = confOf(view.fleet, node, 'host')
    const event = events.get(node) ?? null
    const count = event === null ? (conf?.nameservers.length ?? 0) : null
    const used = (event === null ? conf?.nameservers : appliedOf(event)) ?? []
    return [
      withSilent(
        { since: view.at, evidence: [], nodes: [node], count, used: used.slice(0, MOST_NAMESERVERS), silent: [] },
        view,
      ),
    ]
  })
}

const exceeds = ({ count }: Named): boolean => count === null || count > MOST_NAMESERVERS

/** kubelet's words: `…, the applied nameserver line is: 10.0.0.1 10.0.0.2 10.0.0.3`. */
const appliedOf = ({ message }: ClusterEvent): string[] => message.split(/ is: /)[1]?.trim().split(/\s+/) ?? []

/** Those that count and do not answer, where they are asked. */
function withSilent(one: Named, { fleet, at }: View): Named {
  const node = fleet.nodes.get(one.nodes[0] ?? '')
  if (!exceeds(one) || node === undefined) return one
  const sight = sightOf(fleet, node, at)
  const silent = one.used.filter((address) => dead(askedOf(sight, address)) === 'yes')
  const evidence = silent.flatMap((address) => askedOf(sight, address))
  const explains = [...allCells(sight, 'host'), ...allCells(sight, 'pod')].filter(({ target }) =>
    silent.includes(target.address),
  )
  return { ...one, silent, evidence, explains, since: Math.min(one.since, failingSince(evidence)) }
}

const askedOf = (sight: Sight, address: string): Cell[] =>
  allCells(sight, 'host').filter(
    ({ target, planned }) => target.address === address && planned.transport === 'udp' && planned.everySeconds === 0,
  )

function repeated({ fleet, at }: View): Repeated[] {
  const several = nodesWhose(fleet, 'host', ({ nameservers }) => nameservers.length > 1)
  return several.flatMap((node) => {
    const nameservers = confOf(fleet, node, 'host')?.nameservers ?? []
    const address = nameservers.find((one, i) => nameservers.indexOf(one) < i) ?? null
    return [{ since: at, evidence: [], nodes: [node], address, different: new Set(nameservers).size }]
  })
}

function searched(view: View): Searched[] {
  const events = searchCut(view)
  const searching = nodesWhose(view.fleet, 'pod', ({ search }) => search.length > DOMAINS_OF_KUBELET)
  return together(searching, events.keys()).flatMap((node) => {
    const isCut = events.has(node)
    const search = confOf(view.fleet, node, 'pod')?.search ?? []
    return [
      { since: view.at, evidence: [], nodes: [node], domains: search.length, octets: search.join(' ').length, isCut },
    ]
  })
}

/** `10.0.0.1 and 10.0.0.2 among them do not answer`. */
function silentWords({ cases }: Told<Named>): string {
  const silent = [...new Set(cases.flatMap((one) => one.silent))]
  if (silent.length === 0) return ''
  return `, and ${listWords(silent)} among them ${silent.length === 1 ? 'does' : 'do'} not answer`
}

const severityOf = ({ cases }: Told<Named>): Severity =>
  cases.some(({ silent }) => silent.length > 0) ? 'warning' : 'info'

const confirm = ['kubectl get events -A --field-selector reason=DNSConfigForming', 'on {node}: cat /etc/resolv.conf']

const scope = (cases: readonly OnNode[], _: readonly string[], view: View) => scopeOfFacts(cases, view)

/** D-19. */
export const resolvConfOverLimits: Fault = {
  name: 'resolv-conf-over-limits',
  tier: 1,
  about:
    'The resolv.conf that kubelet gives to pods names more nameservers or search domains than count, or the same nameserver twice: what stands behind the limit is never asked.',
  cause:
    'The file that kubelet passes on (resolvConf) was filled from more than one side, and libraries read the first three nameservers only: kubelet cuts off the others.',
  remedy:
    "Name at most three nameservers, different and reachable, in the file that resolvConf in the kubelet's configuration names; keep the search list within 6 domains and 256 octets.",
  references: [
    'https://github.com/kubernetes/kubernetes/issues/9079',
    'https://github.com/kubernetes/kubernetes/issues/82756',
    'https://github.com/kubeovn/kube-ovn/issues/497',
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  ],
  notTakenFor: {
    'pods-have-wrong-nameserver': 'there the nameserver is another one than on other nodes, not one too many',
  },
  rules: [
    fleetRule<Named>({
      cases: named,
      signature: { 'more nameservers are named than count': (one) => truth(exceeds(one)) },
      sameness: ({ count, used }) => `${count} ${used.join(' ')}`,
      scope,
      severity: severityOf,
      title: 'resolv.conf on {nodes} names too many nameservers',
      story: 'resolv.conf on {nodes} names {count} nameservers; only three count{silent}.',
      confirm,
      values: (told) => ({
        count: told.cases[0].count === null ? 'more than three' : String(told.cases[0].count),
        silent: silentWords(told),
      }),
    }),
    fleetRule<Repeated>({
      cases: repeated,
      signature: { 'a nameserver is named more than once': ({ address }) => truth(address !== null) },
      sameness: ({ address, different }) => `${address} ${different}`,
      scope,
      severity: 'info',
      title: 'resolv.conf on {nodes} names {address} more than once',
      story: 'resolv.conf on {nodes} names {address} more than once: only {different}.',
      cause:
        'The file that kubelet passes on (resolvConf) was filled from more than one side, each of which names the same nameserver.',
      confirm,
      values: ({ cases: [{ address, different }] }) => ({
        address: address ?? '',
        different: different === 1 ? 'one nameserver counts' : `${different} different ones count`,
      }),
    }),
    fleetRule<Searched>({
      cases: searched,
      signature: {
        'the search list is longer than every library takes': ({ domains, octets, isCut }) =>
          truth(isCut || domains > MOST_DOMAINS || octets > MOST_OCTETS),
      },
      sameness: ({ domains, octets, isCut }) => `${domains} ${octets} ${isCut}`,
      scope,
      severity: 'info',
      title: 'The search list of pods on {nodes} is too long',
      story: 'Pods on {nodes} have a search list of {domains} domains and {octets} octets{cut}.',
      cause:
        'Before the search list of the file that kubelet passes on (resolvConf) it puts three domains of the cluster: the list was long already.',
      confirm: [
        'kubectl get events -A --field-selector reason=DNSConfigForming',
        'in a pod on {node}: cat /etc/resolv.conf',
      ],
      values: ({ cases: [{ domains, octets, isCut }] }) => ({
        domains: String(domains),
        octets: String(octets),
        cut: isCut ? ', which is what kubelet left of a longer one' : ': glibc before 2.26 takes 6 and 256',
      }),
    }),
  ],
  isOver: ({ scope, evidence }, { fleet }) =>
    haveToldFacts(fleet, scope, 'host') && haveToldFacts(fleet, scope, 'pod') && areRecovered(fleet, evidence),
  covers: [],
}
