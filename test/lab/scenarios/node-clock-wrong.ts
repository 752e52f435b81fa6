import { whyNoFaketime } from '../../../packages/probes/test/faketime.ts'
import { clocksOf, setClock } from '../cluster/clocks.ts'
import type { Scenario } from '../scenario.ts'

const off = (seconds: number, severity: 'critical' | 'warning', story: RegExp): Scenario => ({
  fault: 'node-clock-wrong',
  how: `a node's clock is set ${Math.abs(seconds)} s ${seconds < 0 ? 'back' : 'ahead'}`,
  whyNot: whyNoFaketime,
  cluster: clocksOf('node-3'),
  break: (lab) => setClock(lab, 'node-3', seconds),
  expect: { severity, kind: 'node', nodes: ['node-3'], story, beside: ['node-clock-stepped'] },
  heal: (lab) => setClock(lab, 'node-3', 0),
})

export const scenarios: Scenario[] = [
  off(-94, 'critical', /node-3's clock is 94 s behind the other nodes: .*refused/),
  off(40, 'critical', /node-3's clock is 40 s ahead of the other nodes: .*refused/),
  off(-1.2, 'warning', /node-3's clock is 1\.2 s behind the other nodes/),
  off(32_400, 'critical', /node-3's clock is 9 h ahead of the other nodes: .*refused/),
  {
    fault: 'node-clock-wrong',
    how: 'the same where no NTP server can be reached',
    whyNot: whyNoFaketime,
    cluster: { ...clocksOf('node-3'), ntpServers: 0 },
    break: (lab) => setClock(lab, 'node-3', -94),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3's clock is 94 s behind the other nodes/,
      beside: ['node-clock-stepped'],
    },
    heal: (lab) => setClock(lab, 'node-3', 0),
  },
]
