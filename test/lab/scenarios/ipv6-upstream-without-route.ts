import type { Lab } from '../cluster/lab.ts'
import { outside } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

async function give(lab: Lab, ...nameservers: readonly string[]): Promise<void> {
  lab.writeResolvConf('node-3', 'host', nameservers.map((address) => `nameserver ${address}\n`).join(''))
  await lab.processes.restart('host agent node-3')
}

export const scenarios: Scenario[] = [
  {
    fault: 'ipv6-upstream-without-route',
    how: "a node's resolv.conf names an IPv6 resolver too, and the node has no IPv6",
    break: (lab) => give(lab, outside.upstream, '2001:db8::53'),
    expect: { severity: 'warning', kind: 'node', nodes: ['node-3'], story: /node-3 lists IPv6 resolver 2001:db8::53/ },
    heal: (lab) => give(lab, outside.upstream),
  },
]
