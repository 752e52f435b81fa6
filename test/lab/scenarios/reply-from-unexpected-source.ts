import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'reply-from-unexpected-source',
    how: 'replies of the CoreDNS pod on the same node pass connection tracking by, as on a bridge without bridge-nf-call-iptables',
    break: (lab) => {
      const { address, node } = lab.endpoint(2)
      return lab.rule(
        node.name,
        'raw-in',
        `ip saddr ${address} ip daddr ${node.agentPod.address} meta l4proto { tcp, udp } th sport 53 notrack`,
      )
    },
    expect: {
      kind: 'node',
      nodes: ['node-2'],
      story: /On node-2 answers of the CoreDNS pod on the same node come from 10\.244\.2\.54 instead of 10\.96\.0\.10/,
    },
    heal: (lab) => lab.clearRules('node-2'),
    within: { open: 2 },
  },
]
