import type { Cluster } from '@oddnode/protocol'
import type { Lab } from '../cluster/lab.ts'
import type { Scenario } from '../scenario.ts'

/** Flows of node-3 begin with coredns-2 alone, so that the one that keeps its port stays with it. */
const only =
  (pod: string) =>
  ({ dns }: Cluster) => {
    for (const endpoint of dns.endpoints ?? []) endpoint.ready = endpoint.pod === pod
  }
const all = ({ dns }: Cluster) => {
  for (const endpoint of dns.endpoints ?? []) endpoint.ready = true
}
const removeSecond = ({ dns }: Cluster) => {
  dns.endpoints = dns.endpoints?.filter(({ pod }) => pod !== 'coredns-2') ?? null
  dns.endpointsChangedAt = Date.now() / 1000
}

async function pinFlows(lab: Lab): Promise<void> {
  const kept = ['node-1', 'node-2']
  lab.changePicture(only('coredns-1'))
  await lab.syncServices(...kept)
  lab.changePicture(only('coredns-2'))
  await lab.syncServices('node-3')
  lab.changePicture(all)
}

export const scenarios: Scenario[] = [
  {
    fault: 'stale-conntrack-keeps-dead-endpoint',
    how: 'a CoreDNS pod goes while a flow of the node that keeps its port leads to it',
    prepare: pinFlows,
    break: async (lab) => {
      lab.changePicture(removeSecond)
      await lab.namespaces.ip('coredns-2', ['link set eth0 down'])
      await lab.syncServices()
    },
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 programs that keep their UDP port still ask a CoreDNS pod that is gone/,
      // One pod is left: a minute later that is told, too.
      beside: ['coredns-not-spread'],
    },
    heal: async (lab) => {
      await lab.processes.restart('pod agent node-3')
    },
  },
]
