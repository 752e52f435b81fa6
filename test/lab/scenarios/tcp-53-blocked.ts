import type { Lab } from '../cluster/lab.ts'
import type { Scenario } from '../scenario.ts'

const dropOnNode = async (lab: Lab) => {
  await lab.rule('node-3', 'early', 'tcp dport 53 drop')
  await lab.rule('node-3', 'out', 'tcp dport 53 drop')
}

export const scenarios: Scenario[] = [
  {
    fault: 'tcp-53-blocked',
    how: 'a node drops 53/TCP',
    break: dropOnNode,
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /From node-3 DNS over TCP fails while UDP works/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
  {
    fault: 'tcp-53-blocked',
    how: 'a CoreDNS pod does not listen on 53/TCP',
    break: (lab) => lab.rule('coredns-2', 'in', 'tcp dport 53 reject with tcp reset'),
    expect: {
      kind: 'endpoint',
      subject: { role: 'endpoint', address: '10.244.2.54' },
      story: /To .*DNS over TCP fails while UDP works/,
    },
    heal: (lab) => lab.clearRules('coredns-2'),
  },
]
