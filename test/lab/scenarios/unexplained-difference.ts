import { CLUSTER_DNS_UPSTREAM, NODE_LOCAL } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import { intervalSeconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'

/** Two rounds: what was kept a round ago is kept still. */
const KEEP_SECONDS = Math.max(10, 2 * intervalSeconds)

export const scenarios: Scenario[] = [
  {
    fault: 'unexplained-difference',
    how: "pods of a node lose node-local DNS's own ClusterIP, which nothing in pods uses",
    break: (lab) => lab.rule('node-3', 'early', `ip saddr ${lab.node(3).pods} ip daddr ${CLUSTER_DNS_UPSTREAM} drop`),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3 differs from .*timeout.*10\.96\.0\.11/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
  {
    fault: 'unexplained-difference',
    how: 'the TTL of what node-local DNS of a node answers does not count down',
    cluster: { keepSeconds: KEEP_SECONDS },
    break: (lab) =>
      interpose(lab, {
        member: 'node-3',
        server: NODE_LOCAL,
        change: ['ttl', `${KEEP_SECONDS}`, 'for=kubernetes.default.svc.cluster.local'],
      }),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3 differs from .* with a TTL that does not count down instead of answer/,
    },
    heal: removeMiddleboxes,
  },
]
