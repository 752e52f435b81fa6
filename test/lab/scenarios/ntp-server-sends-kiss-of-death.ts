import { replaceNtp, restoreNtp } from '../cluster/lying-ntp.ts'
import type { Scenario } from '../scenario.ts'

const says = (code: string, wish: string): Scenario => ({
  fault: 'ntp-server-sends-kiss-of-death',
  how: `one of three says ${code}`,
  cluster: { ntpServers: 3 },
  break: (lab) => replaceNtp(lab, 'stratum=0', `refid=${code}`, 'leap=3'),
  expect: { severity: 'info', kind: 'cluster', story: new RegExp(`NTP server 10\\.77\\.0\\.125 asks us to ${wish}`) },
  heal: restoreNtp,
  within: { open: 2, close: 4 },
})

export const scenarios: Scenario[] = [says('RATE', 'slow down')]
