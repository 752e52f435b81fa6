import { podResolvConf } from '../cluster/agents.ts'
import type { Lab } from '../cluster/lab.ts'
import { NODE_LOCAL } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

const usual = podResolvConf(NODE_LOCAL)

async function give(lab: Lab, text: string): Promise<void> {
  lab.writeResolvConf('node-3', 'pod', text)
  await lab.processes.restart('pod agent node-3')
}

export const scenarios: Scenario[] = [
  {
    fault: 'search-list-differs',
    how: 'pods of a node get one search domain more',
    break: (lab) => give(lab, usual.replace(/^search .*/, '$& corp.example')),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /Pods on node-3 have search list .*corp\.example/,
    },
    heal: (lab) => give(lab, usual),
  },
  {
    fault: 'search-list-differs',
    how: 'pods of a node get ndots:2',
    break: (lab) => give(lab, usual.replace('ndots:5', 'ndots:2')),
    expect: { severity: 'warning', kind: 'node', nodes: ['node-3'], story: /Pods on node-3 have .*ndots:2/ },
    heal: (lab) => give(lab, usual),
  },
]
