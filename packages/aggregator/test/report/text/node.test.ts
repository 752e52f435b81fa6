import t from 'tap'
import { nodeReportOf } from '../../../src/report/model/node-report.ts'
import { nodeText } from '../../../src/report/text/node.ts'
import { momentOf } from '../sample-moment.ts'
import { AT, agentOf, failing, nodeOf, probeOf, sampleReport } from '../sample-report.ts'

const textOf = (node: ReturnType<typeof nodeOf>, changes = {}) =>
  nodeText(nodeReportOf(momentOf(sampleReport(changes)), node))

t.test('an odd node: its finding, every probe, its clock, what it is', async (t) => {
  const probes = [probeOf(failing), probeOf({ variant: 'fixed-port', since: null })]
  const samples = [
    {
      vantage: 'host' as const,
      reference: 'aggregator',
      outcome: 'answered',
      offsetSeconds: -0.0003,
      uncertaintySeconds: 0.0011,
      measuredAt: AT,
      secondOpinion: null,
    },
    {
      vantage: 'pod' as const,
      reference: 'ntp 192.0.2.1',
      outcome: 'timeout',
      offsetSeconds: null,
      uncertaintySeconds: null,
      measuredAt: AT,
      secondOpinion: null,
    },
  ]
  const node = nodeOf('node-2', [agentOf(probes)], {
    state: 'failing',
    attributes: { zone: 'zone-1' },
    clock: { ...nodeOf('x', []).clock, samples },
  })
  const text = textOf(node)
  for (const part of [
    /^✕ FAILING {2}node-2\n/,
    /CRITICAL {2}node-2: timeout from node-local DNS/,
    /✕ {2}node-local 169.254.20.10 {2}udp {2}kubernetes +timeout 0\/5 {2}for 0 s\n/,
    /kubernetes fixed-port {2}0.4 ms\n/,
    /\n {2}learnt from Kubernetes: node-local 169.254.20.10\n/,
    / {2}host: −0.3 ms ± 1.1 ms against aggregator\n {2}pod: ntp 192.0.2.1 timeout\n/,
    /zone {2}zone-1\n$/,
  ])
    t.match(text, part)
})

t.test('one that nobody heard of', async (t) => {
  const silent = agentOf([], { status: 'expected', lastSeen: null, version: null })
  const text = textOf(nodeOf('node-9', [silent], { state: 'no-data' }), { findings: [] })
  t.match(text, /No finding names it\./)
  t.match(text, /agent expected, never heard of/)
  t.match(text, /not measured/)
})

t.test('what is the matter with the data stands in its head', async (t) => {
  const notices = [{ title: 'Not fresh', text: 'What follows is from before.', commands: [] }]
  t.match(textOf(nodeOf('node-2', []), { notices }), /oddnode 0.1.0\nNot fresh: What follows is from before\.\n\n/)
})
