import { CLUSTER_DNS, CLUSTER_DNS_UPSTREAM } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'cluster-dns-not-discovered',
    how: 'the Service has lost its label',
    break: (lab) =>
      lab.changePicture(({ dns }) => {
        dns.service = null
        dns.addresses = []
        dns.upstreamServiceAddresses = []
      }),
    expect: { severity: 'warning', kind: 'cluster', story: /No DNS Service was found/ },
    heal: (lab) =>
      lab.changePicture(({ dns }) => {
        dns.service = 'kube-system/kube-dns'
        dns.addresses = [CLUSTER_DNS]
        dns.upstreamServiceAddresses = [CLUSTER_DNS_UPSTREAM]
      }),
  },
]
