import type { Lab } from '../cluster/lab.ts'
import { NODE_LOCAL, outside } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

/** The host's file is what kubelet gives to node-local DNS, which asks what it finds there. */
async function giveHost(lab: Lab, nameserver: string): Promise<void> {
  lab.writeResolvConf('node-3', 'host', `nameserver ${nameserver}\n`)
  await lab.processes.restart('host agent node-3')
}

export const scenarios: Scenario[] = [
  {
    fault: 'dns-forwards-to-itself',
    how: "the host's resolv.conf names node-local DNS",
    break: (lab) => giveHost(lab, NODE_LOCAL),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /on node-3 would ask itself \(169\.254\.20\.10\) as upstream/,
    },
    heal: (lab) => giveHost(lab, outside.upstream),
  },
  {
    fault: 'dns-forwards-to-itself',
    how: 'and node-local DNS was started anew since',
    break: async (lab) => {
      await giveHost(lab, NODE_LOCAL)
      await lab.control('node-local node-3', 'forward_add', '.', NODE_LOCAL)
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Node-local DNS on node-3 asks itself \(169\.254\.20\.10\) as upstream: external names fail/,
    },
    heal: async (lab) => {
      await lab.control('node-local node-3', 'forward_add', '.', outside.upstream)
      await giveHost(lab, outside.upstream)
    },
  },
]
