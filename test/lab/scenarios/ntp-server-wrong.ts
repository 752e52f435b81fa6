import { replaceNtp, restoreNtp } from '../cluster/lying-ntp.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'ntp-server-wrong',
    how: 'one of three is 2 s ahead',
    cluster: { ntpServers: 3 },
    break: (lab) => replaceNtp(lab, 'offset=2'),
    expect: { severity: 'warning', kind: 'cluster', story: /NTP server 10\.77\.0\.125 is 2 s ahead, the others agree/ },
    heal: restoreNtp,
    within: { open: 2, close: 2 },
  },
]
