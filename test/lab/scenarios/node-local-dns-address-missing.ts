import { NODE_LOCAL } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'node-local-dns-address-missing',
    how: 'the address is taken from its interface',
    break: ({ namespaces }) => namespaces.ip('node-3', [`address delete ${NODE_LOCAL}/32 dev lo`]),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 no interface owns node-local DNS 169\.254\.20\.10/,
    },
    heal: ({ namespaces }) => namespaces.ip('node-3', [`address add ${NODE_LOCAL}/32 dev lo`]),
  },
]
