import type { Fault } from '../fault.ts'
import { cutOnNode, cutToServer, type OneTransport } from '../one-transport.ts'

const overTcp: OneTransport = {
  transport: 'tcp',
  outcomes: ['timeout', 'denied', 'refused', 'unreachable', 'closed'],
  severity: ({ cases }) => (cases.some(({ nodeLocalLoses }) => nodeLocalLoses) ? 'critical' : 'warning'),
  consequence: ({ nodeLocalLoses }) =>
    nodeLocalLoses ? ': node-local DNS, which asks over TCP, resolves no cluster name' : ': large answers fail',
}

/** D-12. */
export const tcp53Blocked: Fault = {
  name: 'tcp-53-blocked',
  tier: 1,
  about:
    'DNS over TCP is cut while UDP works: by a firewall, a security group, a policy, or a Service without the TCP port. Large answers fail, and node-local DNS, which asks CoreDNS over TCP, resolves no cluster name.',
  cause:
    'A rule that was written for UDP alone. From one node: its firewall or security group; from pods alone: a policy; to the ClusterIP alone: the Service has no TCP port, or no rule for it; to one CoreDNS pod: that pod or its node. Refused: nobody listens over TCP.',
  remedy: 'Open 53/TCP on the way to {target}: firewall, security group, NetworkPolicy, the TCP port of the Service.',
  references: ['https://github.com/coredns/coredns/issues/844', 'https://github.com/antrea-io/antrea/issues/2605'],
  notTakenFor: {
    'coredns-not-synced': 'there SERVFAIL comes at once, from the CoreDNS pod itself',
    'path-mtu-blackhole': 'there a connection is made, and only large answers are lost',
    'pods-cannot-reach-node-local-dns': 'there only pods are cut off, and only from node-local DNS',
  },
  rules: [cutOnNode(overTcp), cutToServer(overTcp)],
  covers: [{ faults: ['tcp-53-blocked'], on: 'hosted' }],
}
