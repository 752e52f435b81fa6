import type { Lab } from '../cluster/lab.ts'
import { NODE_LOCAL } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

const loseNodeLocal = (lab: Lab, number: number) =>
  lab.rule(lab.node(number).name, 'early', `ip saddr ${lab.node(number).pods} ip daddr ${NODE_LOCAL} drop`)

/** The nodes that take up the new version. */
export const upgraded = ['node-3', 'node-5']

/** The story of Cilium 1.16.5: on the nodes that have it packets for the address leave by the NIC. */
export async function upgradeCni(lab: Lab): Promise<void> {
  lab.changePicture(({ nodes }) => {
    for (const { name, attributes } of nodes)
      attributes['cni'] = upgraded.includes(name) ? 'cilium 1.16.5' : 'cilium 1.16.4'
  })
  await Promise.all([loseNodeLocal(lab, 3), loseNodeLocal(lab, 5)])
}

export const scenarios: Scenario[] = [
  {
    fault: 'pods-cannot-reach-node-local-dns',
    how: 'one node drops what its pods send to the address',
    break: (lab) => loseNodeLocal(lab, 3),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story:
        /node-3.*pods cannot reach node-local DNS 169\.254\.20\.10 over UDP and TCP.*host can.*10\.96\.0\.10 answers/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
  {
    fault: 'pods-cannot-reach-node-local-dns',
    how: 'two of five nodes, which share a CNI version, send it out of their NIC',
    cluster: { nodes: 5 },
    break: upgradeCni,
    expect: {
      severity: 'critical',
      kind: 'group',
      nodes: upgraded,
      story: /node-3.*node-5.*pods cannot reach node-local DNS 169\.254\.20\.10/,
    },
    heal: async (lab) => {
      await Promise.all(upgraded.map(lab.clearRules))
    },
  },
]
