import { askLargeNames } from '../cluster/large-names.ts'
import { ALL_PODS } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

const narrowTo = (mtu: number): Scenario => ({
  fault: 'path-mtu-blackhole',
  how: `packets of more than ${mtu} octets get lost between pods of other nodes and this one, and nobody is told`,
  prepare: askLargeNames,
  break: (lab) => lab.rule('node-3', 'fragments', `iifname "eth0" ip saddr ${ALL_PODS} ip length > ${mtu} drop`),
  expect: {
    severity: 'warning',
    kind: 'node',
    nodes: ['node-3'],
    story: /On node-3 answers of .* octets from .* get lost/,
    beside: ['large-answers-need-tcp'],
  },
  heal: (lab) => lab.clearRules('node-3'),
  within: { open: 3, close: 3 },
})

export const scenarios: Scenario[] = [narrowTo(1450), narrowTo(1400)]
