import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeTimesyncd } from '../cluster/agents.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'no-time-daemon',
    how: "timesyncd's folder is gone, and nothing else keeps time",
    whyNot: () => 'a right clock that nobody keeps is told when it drifts, which takes half an hour to be sure of',
    break: (lab) => rmSync(join(lab.runOf('node-3'), 'systemd/timesync'), { recursive: true }),
    expect: { severity: 'warning', kind: 'node', nodes: ['node-3'], story: /No time daemon runs on node-3/ },
    heal: (lab) => writeTimesyncd(lab.runOf('node-3')),
  },
]
