import { outside } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'host-has-no-route-to-cluster-ip',
    how: 'a node has no default route',
    break: ({ namespaces }) => namespaces.ip('node-3', ['route delete default']),
    expect: { severity: 'critical', kind: 'node', nodes: ['node-3'], story: /node-3 has no route for ClusterIPs/ },
    heal: ({ namespaces }) => namespaces.ip('node-3', [`route add default via ${outside.router}`]),
  },
]
