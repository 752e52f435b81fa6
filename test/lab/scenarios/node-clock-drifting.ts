import { whyNoFaketime } from '../../../packages/probes/test/faketime.ts'
import { clocksOf, setClock, speedUpClock } from '../cluster/clocks.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'node-clock-drifting',
    how: "a node's clock gains 120 ppm",
    whyNot: whyNoFaketime,
    cluster: clocksOf('node-3'),
    break: (lab) => speedUpClock(lab, 'node-3', 120),
    expect: { severity: 'info', kind: 'node', nodes: ['node-3'], story: /node-3's clock drifts by .* s a day/ },
    heal: (lab) => setClock(lab, 'node-3', 0),
    // It takes half an hour of life to be sure of, and as long to be sure that it is over.
    within: { open: 7, close: 7 },
  },
]
