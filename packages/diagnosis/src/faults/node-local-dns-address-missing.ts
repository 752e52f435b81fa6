import { dead } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { agentKey } from '../fleet.ts'
import { type DeadCache, nodeLocalCases } from '../node-local-cases.ts'
import { nodeRule } from '../rule.ts'
import { local, type Sight } from '../sight.ts'
import { not, type Truth, truth } from '../truth.ts'
import { reachesCoreDns } from '../ways.ts'

/** What an address gives that lives nowhere. */
const NOBODY = ['timeout', 'unreachable'] as const

/** Some other node owns it: where a CNI redirects the address, no node does. */
function localElsewhere({ fleet, node }: Sight, address: string): Truth {
  const others = [...fleet.nodes.keys()].filter((name) => name !== node.name)
  const known = others.flatMap((name) => fleet.agents.get(agentKey(name, 'host'))?.facts?.localAddresses ?? [])
  return others.length === 0 ? 'no-data' : truth(known.includes(address))
}

/** D-03. */
export const nodeLocalDnsAddressMissing: Fault = {
  name: 'node-local-dns-address-missing',
  tier: 2,
  about:
    'The address of node-local DNS, the nameserver of the pods, is on no interface of the node: what is sent to it leads nowhere.',
  cause:
    'NetworkManager or systemd-networkd manages the interface nodelocaldns and took the address off, or node-local DNS ended and has not made it anew.',
  remedy:
    'Delete the pod of node-local DNS there, so that it makes the interface anew, and keep NetworkManager and systemd-networkd off the interface nodelocaldns.',
  references: [
    'https://github.com/kubernetes/dns/issues/282',
    'https://github.com/kubernetes-sigs/kubespray/issues/9089',
  ],
  notTakenFor: {
    'node-local-dns-not-running': 'there the address is on the node, and nobody serves it',
    'pods-cannot-reach-node-local-dns': 'there the host gets an answer',
  },
  rules: [
    nodeRule<DeadCache>({
      cases: nodeLocalCases,
      signature: {
        'the host gets no answer from node-local DNS': ({ host }) => dead(host, NOBODY),
        'no interface of this node owns the address': ({ target }, sight) => not(local(sight, target.address)),
        'another node owns it': ({ target }, sight) => localElsewhere(sight, target.address),
        'a CoreDNS pod answers this node directly': ({ since }, sight) => reachesCoreDns(sight, since),
      },
      supportedBy: {
        'pods get no answer from it either': ({ pod }) => dead(pod, NOBODY),
      },
      sameness: ({ target }) => target.address,
      severity: 'critical',
      title: 'No interface owns node-local DNS {address} on {nodes}',
      story: 'On {nodes} no interface owns node-local DNS {address}, the nameserver of its pods.',
      confirm: ['on {node}: ip -br addr show dev nodelocaldns'],
      values: ({ cases: [{ target }] }) => ({ address: target.address }),
    }),
  ],
  covers: [{ faults: ['pods-have-wrong-nameserver', 'resolv-conf-over-limits'], on: 'same-nodes' }],
}
