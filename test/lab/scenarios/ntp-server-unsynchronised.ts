import { replaceNtp, restoreNtp } from '../cluster/lying-ntp.ts'
import type { Scenario } from '../scenario.ts'

const says = (how: string, ...what: string[]): Scenario => ({
  fault: 'ntp-server-unsynchronised',
  how,
  cluster: { ntpServers: 3 },
  break: (lab) => replaceNtp(lab, ...what),
  expect: { severity: 'warning', kind: 'cluster', story: /NTP server 10\.77\.0\.125 answers, but has no time itself/ },
  heal: restoreNtp,
  within: { open: 2, close: 2 },
})

export const scenarios: Scenario[] = [
  says('one of three says leap 3', 'leap=3'),
  says('one of three is of stratum 16', 'stratum=16'),
]
