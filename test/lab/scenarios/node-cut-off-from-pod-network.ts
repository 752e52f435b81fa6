import type { Lab } from '../cluster/lab.ts'
import { ALL_PODS } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

const cutOff = (lab: Lab, number: number) => {
  const { name, pods } = lab.node(number)
  return lab.rule(name, 'forward', `ip saddr ${pods} ip daddr ${ALL_PODS} ip daddr != ${pods} drop`)
}

export const scenarios: Scenario[] = [
  {
    fault: 'node-cut-off-from-pod-network',
    how: 'what pods of a node without CoreDNS send to pods elsewhere is dropped',
    break: (lab) => cutOff(lab, 3),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Pods on node-3 cannot reach pods on other nodes.*never/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
  {
    fault: 'node-cut-off-from-pod-network',
    how: 'the same on a node with a CoreDNS pod, which the others lose',
    break: (lab) => cutOff(lab, 2),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-2'],
      story: /Pods on node-2 cannot reach pods on other nodes.*only by the CoreDNS pod on the same node/,
    },
    heal: (lab) => lab.clearRules('node-2'),
  },
]
