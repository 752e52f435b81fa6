import type { Lab } from '../cluster/lab.ts'
import type { Scenario } from '../scenario.ts'

const lose = async (lab: Lab, percent: number) => {
  const loss = `udp dport 53 numgen random mod 100 < ${percent} drop`
  await lab.rule('node-3', 'early', loss)
  await lab.rule('node-3', 'out', loss)
}

const expect = (severity: 'critical' | 'warning'): Scenario['expect'] => ({
  severity,
  kind: 'node',
  nodes: ['node-3'],
  story: /node-3 loses .* of its UDP queries/,
})

export const scenarios: Scenario[] = [
  {
    fault: 'dns-packets-lost-on-node',
    how: 'a node drops 25 % of its UDP queries',
    break: (lab) => lose(lab, 25),
    expect: expect('critical'),
    heal: (lab) => lab.clearRules('node-3'),
    within: { open: 2, close: 3 },
  },
  {
    fault: 'dns-packets-lost-on-node',
    how: 'a node drops 8 % of its UDP queries',
    break: (lab) => lose(lab, 8),
    expect: expect('warning'),
    heal: (lab) => lab.clearRules('node-3'),
    within: { open: 2, close: 3 },
  },
]
