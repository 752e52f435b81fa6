import type { Fault } from '../fault.ts'
import { cutOnNode, cutToServer, type OneTransport } from '../one-transport.ts'

const overUdp: OneTransport = {
  transport: 'udp',
  outcomes: ['timeout', 'denied', 'refused'],
  severity: () => 'critical',
  consequence: ({ nodeLocalAnswers }) => (nodeLocalAnswers ? '; node-local DNS hides it for cluster names' : ''),
}

/** D-12b. */
export const udp53Blocked: Fault = {
  name: 'udp-53-blocked',
  tier: 1,
  about:
    'DNS over UDP is cut while TCP works: by a firewall that does not let the answers back in, a policy, or a tunnel that spoils checksums. Node-local DNS hides it for cluster names, which it asks over TCP.',
  cause:
    'A filter without state lets queries out and no answers in, or a tunnel with checksum offload spoils UDP. From one node: its firewall or security group; from pods alone: a policy; to one CoreDNS pod: that pod or its node.',
  remedy:
    'Allow 53/UDP to {target} both ways (filters without state: the way back, too); else turn off checksum offload of the tunnel.',
  references: ['https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/'],
  notTakenFor: {
    'node-cut-off-from-pod-network': 'there TCP fails as well',
    'path-mtu-blackhole': 'there small answers pass',
    'udp-fragments-dropped': 'there small answers pass',
  },
  rules: [cutOnNode(overUdp), cutToServer(overUdp)],
  covers: [
    { faults: ['dns-packets-lost-on-node', 'upstream-resolver-failing', 'upstream-rate-limited'], on: 'same-nodes' },
    { faults: ['udp-53-blocked'], on: 'hosted' },
  ],
}
