import { CLUSTER_DNS } from '../cluster/layout.ts'
import { NO_NFTABLES_RULES } from '../cluster/service-rules.ts'
import type { Scenario } from '../scenario.ts'
import { whyNoProgram } from '../why-not.ts'

const expect = (affected: RegExp): Scenario['expect'] => ({
  severity: 'critical',
  kind: 'node',
  nodes: ['node-3'],
  story: new RegExp(`On node-3 the ClusterIPs? 10\\.96\\.0\\.10.* leads? nowhere.*${affected.source}`),
})

export const scenarios: Scenario[] = [
  {
    fault: 'service-rules-broken-on-node',
    how: 'kube-proxy and its nftables rules are gone',
    break: async ({ namespaces }) => {
      await namespaces.run('node-3', ['nft', '-f', '-'], NO_NFTABLES_RULES)
    },
    expect: expect(/every ClusterIP/),
    heal: (lab) => lab.syncServices('node-3'),
  },
  {
    fault: 'service-rules-broken-on-node',
    how: 'kube-proxy and its iptables rules are gone',
    whyNot: () => whyNoProgram('iptables-restore', 'iptables'),
    cluster: { flavour: 'iptables' },
    break: async ({ namespaces }) => {
      await namespaces.run('node-3', ['iptables', '--table', 'nat', '--flush'])
    },
    expect: expect(/every ClusterIP/),
    heal: (lab) => lab.syncServices('node-3'),
  },
  {
    fault: 'service-rules-broken-on-node',
    how: 'the rules of this one Service are gone',
    break: async (lab) => {
      await lab.rule('node-3', 'early', `ip daddr ${CLUSTER_DNS} drop`)
      await lab.rule('node-3', 'out', `ip daddr ${CLUSTER_DNS} drop`)
    },
    expect: expect(/only this one is/),
    heal: (lab) => lab.clearRules('node-3'),
  },
]
