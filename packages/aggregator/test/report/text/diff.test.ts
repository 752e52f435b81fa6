import t from 'tap'
import { nodeDiffOf } from '../../../src/report/model/node-diff.ts'
import { diffText } from '../../../src/report/text/diff.ts'
import { momentOf } from '../sample-moment.ts'
import { agentOf, failing, nodeOf, probeOf } from '../sample-report.ts'

t.test('side by side, in columns', async (t) => {
  const a = nodeOf('node-1', [agentOf([probeOf(), probeOf({ question: 'soa' }), probeOf({ question: 'version' })])], {
    attributes: { zone: 'one' },
  })
  const b = nodeOf('node-2', [agentOf([probeOf(failing), probeOf({ question: 'version' })])], {
    state: 'failing',
    attributes: {},
  })
  const text = diffText(nodeDiffOf(momentOf(), a, b))
  for (const part of [
    /^node-1 beside node-2\ncluster prod-eu/,
    /✓ node-1 +✕ node-2\n/,
    /pod node-local 169.254.20.10 udp kubernetes {2}✓ 0.4 ms {2}✕ timeout 0\/5\n/,
    /soa +✓ 0.4 ms {2}– not asked\n/,
    /1 probe seen alike\./,
    /zone {2}one +–\n/,
    /node-1 against node-2: \+0 µs ± 2.2 ms/,
  ])
    t.match(text, part)
})

t.test('two that are alike, without clocks', async (t) => {
  const node = (name: string) => nodeOf(name, [], { clock: { ...nodeOf('x', []).clock, offsetSeconds: null } })
  const text = diffText(nodeDiffOf(momentOf(), node('a'), node('b')))
  t.match(text, /0 probes seen alike\.\n\nCLOCKS\n {2}a against b: not measured on both\n$/)
  t.notMatch(text, /FACTS|ATTRIBUTES|WHAT THEY/)
})
