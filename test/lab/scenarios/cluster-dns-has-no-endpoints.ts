import type { Cluster } from '@oddnode/protocol'
import type { Scenario } from '../scenario.ts'

const setReady =
  (ready: boolean) =>
  ({ dns }: Cluster) => {
    for (const endpoint of dns.endpoints ?? []) endpoint.ready = ready
    dns.endpointsChangedAt = Date.now() / 1000
  }

const pods = ['coredns-1', 'coredns-2']

export const scenarios: Scenario[] = [
  {
    fault: 'cluster-dns-has-no-endpoints',
    how: 'CoreDNS is scaled to nothing',
    break: async (lab) => {
      await Promise.all(pods.map(lab.processes.stop))
      lab.changePicture((picture) => {
        picture.dns.endpoints = []
        picture.dns.endpointsChangedAt = Date.now() / 1000
      })
      await lab.syncServices()
    },
    expect: { severity: 'critical', kind: 'cluster', story: /No CoreDNS pod is ready/ },
    heal: async (lab) => {
      pods.forEach(lab.processes.start)
      lab.changePicture((picture) => {
        picture.dns.endpoints = lab.firstEndpoints()
        picture.dns.endpointsChangedAt = Date.now() / 1000
      })
      await lab.syncServices()
    },
  },
  {
    fault: 'cluster-dns-has-no-endpoints',
    how: 'every CoreDNS pod crashes, none is ready',
    break: async (lab) => {
      await Promise.all(pods.map(lab.processes.stop))
      lab.changePicture((picture) => {
        setReady(false)(picture)
        for (const { name } of lab.layout.nodes.slice(0, 2))
          picture.troubles.push({
            component: 'coredns',
            namespace: 'kube-system',
            pod: `coredns-${name.slice(-1)}`,
            node: name,
            reason: 'CrashLoopBackOff',
            restarts: 7,
          })
      })
      await lab.syncServices()
    },
    expect: { severity: 'critical', kind: 'cluster', story: /No CoreDNS pod is ready.*CrashLoopBackOff/ },
    heal: async (lab) => {
      pods.forEach(lab.processes.start)
      lab.changePicture((picture) => {
        setReady(true)(picture)
        picture.troubles.length = 0
      })
      await lab.syncServices()
    },
  },
]
