import { setTimeout as wait } from 'node:timers/promises'
import { OUTSIDE } from '../cluster/layout.ts'
import { intervalSeconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'

const agents = ['host agent node-3', 'pod agent node-3']

export const scenarios: Scenario[] = [
  {
    fault: 'node-not-observed',
    how: 'both agents of a node are killed',
    break: async ({ processes }) => {
      await Promise.all(agents.map(processes.kill))
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Nothing has been heard from node-3 since .*Ready/,
    },
    heal: ({ processes }) => agents.forEach(processes.start),
  },
  {
    fault: 'node-not-observed',
    how: 'the network of a node that hosts CoreDNS is cut, Kubernetes calls it NotReady',
    break: async (lab) => {
      await lab.namespaces.ip(OUTSIDE, ['link set node-2 down'])
      lab.changePicture(({ nodes, dns }) => {
        for (const node of nodes) if (node.name === 'node-2') node.ready = false
        for (const endpoint of dns.endpoints ?? []) if (endpoint.node === 'node-2') endpoint.ready = false
      })
      await lab.syncServices('node-1', 'node-3')
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-2'],
      story: /Nothing has been heard from node-2 since .*NotReady/,
    },
    heal: async (lab) => {
      await lab.namespaces.ip(OUTSIDE, ['link set node-2 up'])
      // kubelet is heard again some seconds after its network is back, and then the pod's readiness.
      await wait(2000 * intervalSeconds)
      lab.changePicture(({ nodes, dns }) => {
        for (const node of nodes) node.ready = true
        for (const endpoint of dns.endpoints ?? []) endpoint.ready = true
      })
      await lab.syncServices()
    },
  },
]
