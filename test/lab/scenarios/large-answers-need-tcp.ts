import { LARGE_SERVICE } from '../cluster/names.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'large-answers-need-tcp',
    how: 'a headless Service has more addresses than 512 octets hold',
    break: (lab) =>
      lab.changePicture((picture) => {
        picture.largeNames = [LARGE_SERVICE]
      }),
    expect: { severity: 'info', kind: 'cluster', story: /ha(s|ve) answers above 512 octets/ },
    heal: (lab) =>
      lab.changePicture((picture) => {
        picture.largeNames = []
      }),
    within: { open: 3, close: 3 },
  },
]
