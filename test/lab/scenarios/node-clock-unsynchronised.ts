import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { writeTimesyncd } from '../cluster/agents.ts'
import type { Scenario } from '../scenario.ts'

const DAY_SECONDS = 86_400

export const scenarios: Scenario[] = [
  {
    fault: 'node-clock-unsynchronised',
    how: 'timesyncd has not reached its server for a day, the clock is right still',
    break: (lab) => {
      const yesterday = Date.now() / 1000 - DAY_SECONDS
      utimesSync(join(lab.runOf('node-3'), 'systemd/timesync/synchronized'), yesterday, yesterday)
    },
    expect: {
      severity: 'info',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3's clock is right today, but nothing keeps it so/,
    },
    heal: (lab) => writeTimesyncd(lab.runOf('node-3')),
    // It counts from forty rounds on.
    within: { open: 3 },
  },
]
