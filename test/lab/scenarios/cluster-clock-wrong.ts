import { whyNoFaketime } from '../../../packages/probes/test/faketime.ts'
import { clockOfAggregator, clocksOf, setClock } from '../cluster/clocks.ts'
import type { Lab } from '../cluster/lab.ts'
import type { Scenario } from '../scenario.ts'

const nodes = ['node-1', 'node-2', 'node-3']
const setAll = (lab: Lab, seconds: number) => {
  for (const who of [...nodes, 'aggregator']) setClock(lab, who, seconds)
}

export const scenarios: Scenario[] = [
  {
    fault: 'cluster-clock-wrong',
    how: 'all nodes and the aggregator are set 10 s back, two NTP servers agree that they are',
    whyNot: whyNoFaketime,
    cluster: { ...clocksOf(...nodes), ...clockOfAggregator, ntpServers: 2 },
    break: (lab) => setAll(lab, -10),
    expect: {
      severity: 'critical',
      kind: 'cluster',
      story: /All nodes agree, but the cluster is 10 s behind/,
      beside: ['node-clock-stepped'],
    },
    heal: (lab) => setAll(lab, 0),
  },
]
