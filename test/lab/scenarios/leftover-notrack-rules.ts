import { CLUSTER_DNS } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'leftover-notrack-rules',
    how: 'node-local DNS has left the ClusterIP that it owned, its rules stay',
    cluster: { ownsClusterDns: true },
    break: ({ namespaces }) => namespaces.ip('node-3', [`address delete ${CLUSTER_DNS}/32 dev lo`]),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 rules that node-local DNS left behind keep queries to 10\.96\.0\.10/,
    },
    heal: ({ namespaces }) => namespaces.ip('node-3', [`address add ${CLUSTER_DNS}/32 dev lo`]),
  },
]
