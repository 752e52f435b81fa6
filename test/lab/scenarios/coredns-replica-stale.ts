import { replaceCanary, tellCanary } from '../cluster/canary.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'coredns-replica-stale',
    how: 'one of two CoreDNS pods missed that a pod of a Service was replaced',
    break: (lab) => replaceCanary(lab, ['coredns-1']),
    expect: {
      severity: 'warning',
      kind: 'endpoint',
      subject: { role: 'endpoint', address: '10.244.2.54' },
      story: /CoreDNS pod 10\.244\.2\.54 missed changes since/,
    },
    heal: (lab) => tellCanary(lab, 'coredns-2'),
    // Caches of life keep what was so long; that does not shrink with the rounds.
    within: { open: 5, close: 2 },
  },
]
