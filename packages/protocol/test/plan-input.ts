import type { Role } from '../src/closed-sets.ts'
import type { PlanInput } from '../src/make-plan.ts'

export const target = (role: Role, address: string) => ({ role, address, port: 53, learnedFrom: 'kubernetes' as const })

/** A cluster with one target of each role. */
export const planInput = (changed: Partial<PlanInput> = {}): PlanInput => ({
  vantage: 'pod',
  targets: [
    target('node-local', '169.254.20.10'),
    target('cluster-dns', '10.96.0.10'),
    target('cluster-dns-upstream', '10.96.0.11'),
    target('endpoint', '10.244.1.2'),
    target('upstream', '192.0.2.53'),
    target('resolv-conf', '10.96.0.12'),
  ],
  names: {
    clusterDomain: 'cluster.local',
    namespace: 'oddnode',
    external: 'example.net',
    canary: 'oddnode-canary.oddnode.svc.cluster.local',
  },
  intervalSeconds: 15,
  deadlineSeconds: 2,
  closeSeconds: 6,
  suspicionSeconds: 5,
  ntp: [{ address: '192.0.2.123', port: 123 }],
  aggregators: [],
  ...changed,
})
