import type { Lab } from '../cluster/lab.ts'
import { NODE_LOCAL } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

const PORT_53 = 'meta l4proto { tcp, udp } th dport 53 drop'
const dropOut = (lab: Lab) => lab.rule('node-3', 'out', `ip daddr != ${NODE_LOCAL} ${PORT_53}`)

export const scenarios: Scenario[] = [
  {
    fault: 'dns-blocked-on-node',
    how: 'a node drops 53/UDP and 53/TCP on its way out',
    break: async (lab) => {
      await dropOut(lab)
      await lab.rule('node-3', 'forward', PORT_53)
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /^From node-3 nothing gets to port 53 of other nodes, over UDP or TCP; other ports do/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
  {
    fault: 'dns-blocked-on-node',
    how: 'it drops what its host sends there, and lets pods ask',
    break: dropOut,
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /^From host processes on node-3 nothing gets to port 53 of other nodes/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
]
