import { outside } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'resolv-conf-over-limits',
    how: 'kubelet says so in an event',
    break: (lab) =>
      lab.changePicture(({ events }) => {
        events.push({
          reason: 'DNSConfigForming',
          node: 'node-3',
          pod: 'oddnode/oddnode-agent-host-x7k2p',
          message:
            'Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.77.0.53 10.77.0.54 10.77.0.55',
          lastSeenAt: Date.now() / 1000,
        })
      }),
    expect: { kind: 'node', nodes: ['node-3'], story: /resolv\.conf on node-3/ },
    heal: (lab) =>
      lab.changePicture(({ events }) => {
        events.length = 0
      }),
  },
  {
    fault: 'resolv-conf-over-limits',
    how: "the host's file names four nameservers, the first of them works",
    break: async (lab) => {
      const addresses = [outside.upstream, outside.upstream.replace('53', '55'), '10.77.0.56', '10.77.0.57']
      lab.writeResolvConf('node-3', 'host', addresses.map((address) => `nameserver ${address}\n`).join(''))
      await lab.processes.restart('host agent node-3')
    },
    expect: { kind: 'node', nodes: ['node-3'], story: /resolv\.conf on node-3 names 4 nameservers; only three count/ },
    heal: async (lab) => {
      lab.writeResolvConf('node-3', 'host', `nameserver ${outside.upstream}\n`)
      await lab.processes.restart('host agent node-3')
    },
  },
]
