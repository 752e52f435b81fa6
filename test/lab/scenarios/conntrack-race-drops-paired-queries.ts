import { CLUSTER_DNS } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

const counters = (insertFailed: number) => ({
  'net/stat/nf_conntrack': `entries insert_failed drop early_drop\n00000010 ${insertFailed.toString(16).padStart(8, '0')} 00000000 00000000\n`,
})

/** The ports that agents keep for their lives are above these. */
const FRESH_PORTS = '1024-60999'

export const scenarios: Scenario[] = [
  {
    fault: 'conntrack-race-drops-paired-queries',
    how: 'the second of two queries from one socket is dropped, the counter from a stand-in for /proc',
    cluster: { procOf: () => counters(0) },
    break: async (lab) => {
      const match = `ip saddr ${lab.node(3).pods} ip daddr ${CLUSTER_DNS} udp dport 53 udp sport ${FRESH_PORTS}`
      await lab.rule('node-3', 'early', `${match} udp sport @seen drop`)
      await lab.rule('node-3', 'early', `${match} add @seen { udp sport }`)
      lab.writeProc('node-3', counters(40))
    },
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 one of two queries sent together is lost now and then/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
]
