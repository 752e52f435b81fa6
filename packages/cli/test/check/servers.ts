// Servers that a check asks, and the plan that does.
import { makePlan, type Plan, type Target } from '@oddnode/protocol'

/** A plan that asks these as a pod's nameserver of a cluster, fast. */
export const clusterPlan = (ports: readonly number[], seconds = 0.3): Plan =>
  makePlan({
    vantage: 'pod',
    targets: ports.map(
      (port): Target => ({ role: 'resolv-conf', address: '127.0.0.1', port, learnedFrom: 'resolv.conf' }),
    ),
    names: { clusterDomain: 'cluster.local', namespace: 'shop', external: null, canary: null },
    intervalSeconds: 15,
    deadlineSeconds: seconds,
    closeSeconds: 2 * seconds,
    suspicionSeconds: 2 * seconds,
    ntp: [],
    aggregators: [],
  })
