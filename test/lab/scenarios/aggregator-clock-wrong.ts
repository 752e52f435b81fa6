import { whyNoFaketime } from '../../../packages/probes/test/faketime.ts'
import { clockOfAggregator, setClock } from '../cluster/clocks.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'aggregator-clock-wrong',
    how: 'the aggregator is set 94 s ahead, two NTP servers agree that the nodes are right',
    whyNot: whyNoFaketime,
    cluster: { ...clockOfAggregator, ntpServers: 2 },
    break: (lab) => setClock(lab, 'aggregator', 94),
    expect: {
      severity: 'warning',
      kind: 'cluster',
      subject: { pod: 'aggregator' },
      story: /The aggregator's clock is 94 s ahead of the clocks of \d+ nodes, which are right by NTP servers/,
    },
    heal: (lab) => setClock(lab, 'aggregator', 0),
  },
]
