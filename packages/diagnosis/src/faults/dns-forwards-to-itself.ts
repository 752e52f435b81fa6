import type { ClusterDns } from '@oddnode/protocol'
import { failing, failingSince, someOk } from '../cell-truth.ts'
import { allLoops, type DnsLoop, failingWithout, loopsOf } from '../dns-loops.ts'
import { dnsPods } from '../dns-pods.ts'
import { areRecovered } from '../evidence.ts'
import { failingExternal } from '../external-names.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { isOwn, ownAddresses } from '../itself.ts'
import { late, lateSince } from '../late.ts'
import { haveToldFacts, scopeOfFacts } from '../odd-fact.ts'
import { fleetRule, nodeRule, type Told } from '../rule.ts'
import { cellsOf, type Sight, targetsOf } from '../sight.ts'
import { any, type Truth, truth } from '../truth.ts'

function active(sight: Sight): DnsLoop[] {
  return loopsOf(sight).map((loop) => {
    const since = Math.min(failingSince(loop.external), lateSince(loop.external))
    return { ...loop, since, evidence: loop.external, explains: failingExternal(sight) }
  })
}

function crashing(view: View): DnsLoop[] {
  return allLoops(view).map((loop) => {
    if (!loop.crashes) return loop
    const evidence = failingWithout(loop, view)
    return { ...loop, evidence, since: Math.min(loop.since, failingSince(evidence)) }
  })
}

const externalFails = ({ external }: DnsLoop): Truth => any(failing(external), late(external))

/** An upstream outside the cluster answers when it is asked directly: it is not the upstreams that fail. */
function otherUpstreamOk(sight: Sight, since: number): Truth {
  const own = ownAddresses(sight.fleet)
  const others = targetsOf(sight, 'upstream').filter(({ address }) => !isOwn(own, address))
  return someOk(
    others.flatMap(({ address }) => cellsOf(sight, { vantage: 'host', role: 'upstream', address, transport: 'udp' })),
    since,
  )
}

/** The Corefile forwards to the node's file. What that of node-local DNS says is not known. */
function readsFile({ server }: DnsLoop, { cluster }: Fleet): Truth {
  const forwards: ClusterDns['forwards'] = cluster?.dns.forwards ?? []
  if (forwards.some((one) => one.startsWith('/'))) return 'yes'
  return forwards.length === 0 || server === 'Node-local DNS' ? 'no-data' : 'no'
}

const confirm = [
  'on {node}: cat /etc/resolv.conf /run/systemd/resolve/resolv.conf',
  'kubectl -n {namespace} logs -l {selector} --previous | grep -i loop',
]

const values = ({ cases: [{ server, address }], fleet }: Told<DnsLoop>) => ({
  server,
  address,
  ...(server === 'CoreDNS' ? dnsPods(fleet) : { namespace: 'kube-system', selector: 'k8s-app=node-local-dns' }),
})

const sameness = ({ server, address }: DnsLoop): string => `${server} ${address}`

/** D-20. */
export const dnsForwardsToItself: Fault = {
  name: 'dns-forwards-to-itself',
  tier: 1,
  about:
    'The resolv.conf from which CoreDNS or node-local DNS takes its upstreams names the server itself: queries for names outside the cluster go round until they time out, or the plugin loop stops the server at its start.',
  cause:
    'The file was written for programs of the host: 127.0.0.53 of systemd-resolved leads a pod back to itself, and so does the address of node-local DNS or cluster DNS where somebody put it there. A server that forwards to /etc/resolv.conf copies what the file named when its pod was made.',
  remedy:
    "Set resolvConf in the kubelet's configuration to a file that names upstreams, with systemd-resolved /run/systemd/resolve/resolv.conf; or give the Corefile its upstreams by address. The plugin loop looks at start only.",
  references: [
    'https://github.com/coredns/coredns/issues/2087',
    'https://github.com/coredns/coredns/issues/1986',
    'https://github.com/kubernetes-sigs/kind/issues/1975',
    'https://coredns.io/plugins/loop/',
  ],
  notTakenFor: {
    'upstream-resolver-failing': 'there the upstream fails when it is asked directly too',
    'node-local-dns-not-running': 'that is what follows where it stops at its start',
  },
  rules: [
    nodeRule<DnsLoop>({
      cases: active,
      signature: {
        'names outside the cluster fail there, or come late': externalFails,
        'names of the cluster are answered there': ({ cluster, since }) => someOk(cluster, since),
      },
      supportedBy: {
        'another upstream answers when it is asked directly': ({ since }, sight) => otherUpstreamOk(sight, since),
        'the server takes its upstreams from that file': (loop, { fleet }) => readsFile(loop, fleet),
      },
      sameness,
      severity: 'critical',
      title: '{server} on {nodes} forwards to itself',
      story: '{server} on {nodes} asks itself ({address}) as upstream: external names fail.',
      confirm,
      values,
    }),
    fleetRule<DnsLoop>({
      cases: crashing,
      signature: { 'Kubernetes says that it crashes': ({ crashes }) => truth(crashes) },
      supportedBy: {
        'the server takes its upstreams from that file': (loop, { fleet }) => readsFile(loop, fleet),
      },
      sameness,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: 'critical',
      title: '{server} on {nodes} forwards to itself',
      story: '{server} on {nodes} asks itself ({address}) as upstream: it stops at start.',
      confirm,
      values,
    }),
    fleetRule<DnsLoop>({
      cases: allLoops,
      signature: {
        'it runs': ({ crashes }) => truth(!crashes),
        'names outside the cluster are answered there as yet': (loop) =>
          truth(['no', 'no-data'].includes(externalFails(loop))),
      },
      supportedBy: {
        'the server takes its upstreams from that file': (loop, { fleet }) => readsFile(loop, fleet),
      },
      sameness,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: 'warning',
      title: '{server} on {nodes} would forward to itself',
      story:
        '{server} on {nodes} would ask itself ({address}) as upstream: once it starts anew there, it stops or external names fail.',
      confirm,
      values,
    }),
  ],
  isOver: ({ scope, evidence }, { fleet }) => haveToldFacts(fleet, scope, 'host') && areRecovered(fleet, evidence),
  covers: [
    {
      faults: ['node-local-dns-not-running', 'cluster-dns-has-no-endpoints', 'coredns-endpoint-failing'],
      on: 'same-rows',
    },
  ],
}
