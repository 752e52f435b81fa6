import { NODE_LOCAL } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'network-policy-blocks-dns',
    how: 'what pods send to port 53 is dropped, everywhere',
    break: async (lab) => {
      const servers = lab.layout.endpoints.map(({ address }) => address)
      const drop = (pods: string) =>
        `ip saddr ${pods} ip saddr != { ${servers} } meta l4proto { tcp, udp } th dport 53 drop`
      await Promise.all(lab.layout.nodes.map(({ name, pods }) => lab.rule(name, 'early', drop(pods))))
    },
    expect: { severity: 'critical', kind: 'cluster', story: /pods like our agent may not ask DNS: port 53 is dropped/ },
    heal: async (lab) => {
      await Promise.all(lab.layout.nodes.map(({ name }) => lab.clearRules(name)))
    },
  },
  {
    fault: 'network-policy-blocks-dns',
    how: 'a proxy on each node answers REFUSED to pods',
    break: async (lab) => {
      const made = lab.layout.nodes.flatMap(({ name, gateway, agentPod }) => {
        const clients = `ip saddr ${agentPod.address}`
        const servers = [
          ...lab.layout.endpoints.map(({ address }) => address),
          '10.96.0.10',
          '10.96.0.11',
          '10.77.0.53',
        ]
        return [NODE_LOCAL, ...servers].map((server) =>
          interpose(lab, { member: name, server, address: gateway, clients, change: ['refuse'] }),
        )
      })
      await Promise.all(made)
    },
    expect: {
      severity: 'critical',
      kind: 'cluster',
      story: /pods like our agent may not ask DNS: port 53 is answered REFUSED by a proxy/,
    },
    heal: removeMiddleboxes,
  },
]
