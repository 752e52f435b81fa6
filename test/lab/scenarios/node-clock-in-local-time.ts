import { whyNoFaketime } from '../../../packages/probes/test/faketime.ts'
import { clocksOf, setClock } from '../cluster/clocks.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'node-clock-in-local-time',
    how: "a node's clock is set 2 h ahead, told as a hint inside `node-clock-wrong`",
    whyNot: whyNoFaketime,
    cluster: clocksOf('node-3'),
    break: (lab) => setClock(lab, 'node-3', 7200),
    expect: {
      severity: 'info',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3 is off by 2 hours: its hardware clock is probably kept in local time/,
      beside: ['node-clock-wrong', 'node-clock-stepped'],
      isCovered: true,
    },
    heal: (lab) => setClock(lab, 'node-3', 0),
  },
]
