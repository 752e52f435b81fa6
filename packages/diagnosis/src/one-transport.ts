import type { Severity, Target } from '@oddnode/protocol'
import { okElsewhere } from './beside.ts'
import { targetKey } from './cell.ts'
import { dead, ok } from './cell-truth.ts'
import { dnsServer } from './confirm.ts'
import { type Cut, type HalfServers, halfServersOfFleet, halfServersOfNode, otherThan } from './half-servers.ts'
import { endpointOf } from './peers.ts'
import { type Conditions, type FleetRule, fleetRule, type NodeRule, nodeRule, type Told } from './rule.ts'
import { clusterScope, endpointScope } from './scope.ts'
import { all, truth } from './truth.ts'
import { listWords } from './words.ts'

/** A fault by which one transport to port 53 is cut while the other works. */
export type OneTransport = Cut & {
  severity: (told: Told<HalfServers>) => Severity
  /** What follows "fails while … works", with its own punctuation. */
  consequence: (one: HalfServers) => string
}

/** The form in which a node is cut off. */
export function cutOnNode(fault: OneTransport): NodeRule {
  return nodeRule<HalfServers>({
    cases: (sight) => halfServersOfNode(sight, fault),
    signature: conditionsOf(fault),
    supportedBy: {
      'other nodes are answered over it': ({ evidence, since }, { fleet }) => okElsewhere(fleet, evidence, since),
    },
    sameness: ({ everything, servers }) => (everything ? whoWords(servers) : serversKey(servers)),
    severity: fault.severity,
    ...textsOf(fault, 'From {who}{nodes}', '{to}'),
    values: (told) => valuesOf(told, fault),
  })
}

/** The form in which a server is cut off from nearly everybody, or everybody from all. */
export function cutToServer(fault: OneTransport): FleetRule {
  return fleetRule<HalfServers>({
    cases: (view) => halfServersOfFleet(view, fault),
    signature: conditionsOf(fault),
    scope: ([{ servers }], _, { fleet }) => {
      const [target, ...others] = distinct(servers)
      if (target === undefined || others.length > 0) return clusterScope()
      const { role, address } = target
      const endpoint = role === 'endpoint' ? endpointOf(fleet, target) : null
      const subject = { role, address, pod: endpoint?.pod ?? null, node: endpoint?.node ?? null }
      return role === 'endpoint' || role === 'upstream' ? endpointScope(subject) : clusterScope(subject)
    },
    severity: fault.severity,
    ...textsOf(fault, '{where}', ''),
    values: (told) => valuesOf(told, fault),
  })
}

function conditionsOf({ transport, outcomes }: OneTransport): Conditions<unknown, HalfServers> {
  const [lost, works] = [transport.toUpperCase(), otherThan(transport).toUpperCase()]
  return {
    [`queries over ${lost} get no answer`]: ({ evidence }) => dead(evidence, outcomes),
    [`the same servers answer over ${works}`]: ({ servers, since }) =>
      all(...servers.map(({ open }) => ok(open, since))),
    'it is not only node-local DNS, from pods only': ({ servers }) =>
      truth(servers.some(({ vantage, target }) => vantage === 'host' || target.role !== 'node-local')),
  }
}

function textsOf({ transport }: OneTransport, where: string, to: string) {
  const [lost, works] = [transport.toUpperCase(), otherThan(transport).toUpperCase()]
  const dig = `dig ${transport === 'tcp' ? '+tcp' : '+notcp'} +time=2 +tries=1 @{dnsServer} kubernetes.default.svc.{domain}.`
  return {
    title: `${where} DNS over ${lost}${to} fails`,
    story: `${where} DNS over ${lost}${to} fails while ${works} works{consequence}.`,
    confirm: [`on {node}: ${dig}`, `in a pod on {node}: ${dig}`],
  }
}

function valuesOf({ cases }: Told<HalfServers>, { consequence }: OneTransport): Record<string, string> {
  const [{ servers, everything, evidence }] = cases
  const addresses = distinct(servers).map(({ address }) => address)
  return {
    node: evidence[0]?.node ?? 'NODE',
    who: whoWords(servers),
    to: everything ? '' : ` to ${listWords(addresses)}`,
    where: everything ? `From ${whoWords(servers)}every node` : `To ${listWords(addresses)}${byWords(servers)}`,
    target: addresses[0] ?? 'CLUSTER-DNS',
    dnsServer: dnsServer(distinct(servers)[0] ?? { address: 'CLUSTER-DNS' }),
    consequence: consequence(cases.find(({ nodeLocalLoses }) => nodeLocalLoses) ?? cases[0]),
  }
}

/** `pods on `, `host processes on `, or nothing for both. */
function whoWords(servers: HalfServers['servers']): string {
  const from = new Set(servers.map(({ vantage }) => vantage))
  return from.size > 1 ? '' : from.has('pod') ? 'pods on ' : 'host processes on '
}

const byWords = (servers: HalfServers['servers']): string => {
  const who = whoWords(servers)
  return who === '' ? '' : who.replace(/^(.*) on $/, ' from $1')
}

const distinct = (servers: HalfServers['servers']): Target[] => [
  ...new Map(servers.map(({ target }) => [targetKey(target), target])).values(),
]

const serversKey = (servers: HalfServers['servers']): string =>
  servers.map(({ vantage, target }) => `${vantage} ${targetKey(target)}`).join('\n')
