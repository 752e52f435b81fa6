import type { Scenario } from '../scenario.ts'

const expect = (severity: 'critical' | 'warning'): Scenario['expect'] => ({
  severity,
  kind: 'endpoint',
  subject: { role: 'endpoint', address: '10.244.2.54' },
  story: /CoreDNS pod .*node-2 does not answer/,
})

export const scenarios: Scenario[] = [
  {
    fault: 'coredns-endpoint-failing',
    how: 'what goes to port 53 of the pod is dropped on its node, readiness stays green',
    break: async (lab) => {
      const match = `ip daddr ${lab.endpoint(2).address} meta l4proto { tcp, udp } th dport 53 drop`
      await lab.rule('node-2', 'early', match)
      await lab.rule('node-2', 'out', match)
    },
    expect: expect('critical'),
    heal: (lab) => lab.clearRules('node-2'),
  },
  {
    fault: 'coredns-endpoint-failing',
    how: 'one pod of three hangs',
    cluster: { dnsOn: [1, 2, 3] },
    break: ({ processes }) => processes.freeze('coredns-2'),
    expect: expect('warning'),
    heal: ({ processes }) => processes.thaw('coredns-2'),
  },
  {
    fault: 'coredns-endpoint-failing',
    how: 'its process is gone and the EndpointSlice does not say so',
    break: ({ processes }) => processes.stop('coredns-2'),
    expect: expect('critical'),
    heal: ({ processes }) => processes.start('coredns-2'),
  },
]
