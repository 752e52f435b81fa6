import { podResolvConf } from '../cluster/agents.ts'
import { NODE_LOCAL, OUTSIDE, outside } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'search-domain-has-wildcard',
    how: "the company's domain in everybody's search list answers every name",
    prepare: async (lab) => {
      for (const { name } of lab.layout.nodes) {
        lab.writeResolvConf(name, 'pod', podResolvConf(NODE_LOCAL).replace(/^search .*/, '$& corp.example'))
        await lab.processes.restart(`pod agent ${name}`)
      }
    },
    break: async (lab) => {
      const change = ['address', '203.0.113.80', 'for=corp.example']
      await interpose(lab, { member: OUTSIDE, server: outside.upstream, change })
    },
    expect: { severity: 'warning', kind: 'cluster', story: /Search domain corp\.example answers every name/ },
    heal: removeMiddleboxes,
    // Asked once in 240 rounds.
    within: { open: 9, close: 9 },
  },
]
