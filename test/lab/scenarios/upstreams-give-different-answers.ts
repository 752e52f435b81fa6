import { OUTSIDE, outside } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import { EXTERNAL } from '../cluster/names.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'upstreams-give-different-answers',
    how: 'one of two gives a private address',
    prepare: (lab) => {
      lab.processes.start('other upstream')
      lab.changePicture(({ dns }) => {
        dns.upstreams = [outside.upstream, outside.otherUpstream]
        dns.forwards = dns.upstreams
      })
    },
    break: async (lab) => {
      const change = ['address', '10.20.30.40', `for=${EXTERNAL}`]
      await interpose(lab, { member: OUTSIDE, server: outside.otherUpstream, change })
    },
    expect: {
      severity: 'warning',
      kind: 'cluster',
      story: /Upstreams 10\.77\.0\.53 \(public\) and 10\.77\.0\.54 \(private\) disagree about www\.example\.com/,
    },
    heal: removeMiddleboxes,
  },
]
