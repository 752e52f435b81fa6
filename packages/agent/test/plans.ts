import { makePlan, type Plan, type PlanInput, type Target } from '@oddnode/protocol'

export const target = (address: string, port = 53, role: Target['role'] = 'endpoint'): Target => ({
  role,
  address,
  port,
  learnedFrom: 'kubernetes',
})

/** A plan of a cluster with four CoreDNS pods, its usual size: some 55 probes. */
export const typicalTargets: readonly Target[] = [
  target('169.254.20.10', 53, 'node-local'),
  target('10.96.0.10', 53, 'cluster-dns'),
  target('10.96.0.11', 53, 'cluster-dns-upstream'),
  ...[1, 2, 3, 4].map((pod) => target(`10.244.${pod}.2`)),
  target('192.0.2.1', 53, 'upstream'),
  target('192.0.2.2', 53, 'upstream'),
]

/** @param changed instead of the defaults */
export const planOf = (changed: Partial<PlanInput> = {}): Plan =>
  makePlan({
    vantage: 'pod',
    targets: typicalTargets,
    names: { clusterDomain: 'cluster.local', namespace: 'oddnode', external: 'example.net', canary: null },
    intervalSeconds: 15,
    deadlineSeconds: 2,
    closeSeconds: 6,
    suspicionSeconds: 5,
    ntp: [],
    aggregators: [],
    ...changed,
  })
