import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { whyNoFaketime } from '../../../packages/probes/test/faketime.ts'
import { writeTimesyncd } from '../cluster/agents.ts'
import { clocksOf, setClock, speedUpClock } from '../cluster/clocks.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'no-time-daemon',
    how: "timesyncd's folder is gone, nothing else keeps time, and the clock gains 120 ppm",
    whyNot: whyNoFaketime,
    cluster: clocksOf('node-3'),
    break: (lab) => {
      rmSync(join(lab.runOf('node-3'), 'systemd/timesync'), { recursive: true })
      speedUpClock(lab, 'node-3', 120)
    },
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /No time daemon runs on node-3/,
      // Covered by it as long as it lasts; over only after half an hour without.
      beside: ['node-clock-drifting'],
    },
    heal: (lab) => {
      writeTimesyncd(lab.runOf('node-3'))
      setClock(lab, 'node-3', 0)
    },
    // A clock that nobody keeps and that is right is no fault: it has to drift for half an hour of life.
    within: { open: 7 },
  },
]
