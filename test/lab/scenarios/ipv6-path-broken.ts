import { existsSync } from 'node:fs'
import type { Scenario } from '../scenario.ts'

const QUERIES = 'ip6 daddr fd78::/16 meta l4proto { tcp, udp } th dport 53 drop'

export const scenarios: Scenario[] = [
  {
    fault: 'ipv6-path-broken',
    how: 'a node drops queries to CoreDNS over IPv6',
    whyNot: () => (existsSync('/proc/net/if_inet6') ? null : 'the kernel has no IPv6'),
    cluster: { ipv6: true },
    break: async (lab) => {
      await lab.rule('node-3', 'out', QUERIES)
      await lab.rule('node-3', 'forward', QUERIES)
    },
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 .* answers? over IPv4 but not over IPv6/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
]
