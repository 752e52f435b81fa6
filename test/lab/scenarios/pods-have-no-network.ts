import { setTimeout as wait } from 'node:timers/promises'
import { intervalSeconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'

const OUTAGE_MILLISECONDS = 9000 * intervalSeconds

export const scenarios: Scenario[] = [
  {
    fault: 'pods-have-no-network',
    how: 'everything that pods of a node send is dropped for nine rounds; told from the buffer afterwards',
    break: async (lab) => {
      await lab.rule('node-3', 'early', `ip saddr ${lab.node(3).pods} drop`)
      await wait(OUTAGE_MILLISECONDS)
      await lab.clearRules('node-3')
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Pods on node-3 reach nothing at all; the host does/,
      beside: ['vantage-silent'],
      ended: true,
    },
    heal: () => {},
  },
]
