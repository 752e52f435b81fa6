import { makePlan, type Plan, type PlanInput, type Role, type Target, type Vantage } from '@oddnode/protocol'

/** A server as discovery finds it. */
export const targetAt = (role: Role, address: string, port = 53): Target => ({
  role,
  address,
  port,
  learnedFrom: 'kubernetes',
})

/** What the plan of the faults' tests is made from. */
export const faultPlanInput = (vantage: Vantage): PlanInput => ({
  vantage,
  targets: [
    targetAt('node-local', '169.254.20.10'),
    targetAt('cluster-dns', '10.96.0.10'),
    targetAt('cluster-dns-upstream', '10.96.0.11'),
    targetAt('endpoint', '10.244.1.2'),
    targetAt('endpoint', '10.244.3.2'),
    targetAt('upstream', '192.0.2.53'),
    targetAt('api-server', '10.96.0.1', 443),
  ],
  names: { clusterDomain: 'cluster.local', namespace: 'oddnode', external: 'www.example.com', canary: null },
  endpointReachPort: 8181,
  nodeLocalHealthPort: 8080,
  intervalSeconds: 15,
  deadlineSeconds: 2,
  closeSeconds: 6,
  suspicionSeconds: 5,
  ntp: [{ address: '192.0.2.123', port: 123 }],
  aggregators: [],
})

/** The plan of the faults' tests: everything that a real cluster's agents ask. CoreDNS is at 10.244.1.2 (node-1) and 10.244.3.2 (node-3). */
export const faultPlan = (vantage: Vantage): Plan => makePlan(faultPlanInput(vantage))

/** The same with something else in it. */
export const planWith =
  (changes: Partial<PlanInput>) =>
  (vantage: Vantage): Plan =>
    makePlan({ ...faultPlanInput(vantage), ...changes })

/** The same without the servers of some roles. */
export const planWithout =
  (...roles: Role[]) =>
  (vantage: Vantage): Plan => {
    const whole = faultPlanInput(vantage)
    return makePlan({ ...whole, targets: whole.targets.filter(({ role }) => !roles.includes(role)) })
  }

/** The same with our own headless Service. */
export function canaryPlan(vantage: Vantage): Plan {
  const input = faultPlanInput(vantage)
  return makePlan({ ...input, names: { ...input.names, canary: 'oddnode-agents.oddnode.svc.cluster.local' } })
}
