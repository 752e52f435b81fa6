import type { NodeReport } from '@oddnode/protocol'
import t from 'tap'
import { nodeHtml } from '../../../src/report/html/node-page.ts'
import { HOSTILE, unescaped } from '../sample-moment.ts'
import { AT, agentOf, failing, findingOf, nodeOf, probeOf } from '../sample-report.ts'

const nodeReport = (changes: Partial<NodeReport> = {}): NodeReport => ({
  schema: 'oddnode.node/1',
  notices: [],
  at: AT,
  cluster: 'prod-eu',
  version: '0.1.0',
  node: nodeOf('node-2', [
    agentOf([probeOf()], { vantage: 'host' }),
    agentOf([probeOf(), probeOf({ ...failing, transport: 'tcp' })], { state: 'failing' }),
  ]),
  findings: [findingOf()],
  ...changes,
})

t.test('what is not well comes first, what is well is folded', async (t) => {
  const page = nodeHtml(nodeReport(), '../../')
  t.ok(page.indexOf('From the pod network') < page.indexOf('From the host'))
  t.match(page, /What is not well[\s\S]*timeout 0\/5[\s\S]*<details><summary>1 probe ok/)
  t.match(page, 'href="../../report/findings/b3f1b3f1b3f1b3f1"')
  t.match(page, 'data-update-seconds')
  t.match(page, '<dt>Learnt from Kubernetes</dt><dd>node-local 169.254.20.10</dd>')
})

t.test('nothing known of it yet', async (t) => {
  const clock = { ...nodeOf('', []).clock, samples: [] }
  const silent = agentOf([], { status: 'expected', lastSeen: null, version: null, droppedRounds: 4 })
  const page = nodeHtml(nodeReport({ findings: [], node: nodeOf('a', [silent], { ready: false, clock }) }), '../../')
  for (const part of [
    'No finding names this node.',
    'never heard of',
    'never<',
    'not ready',
    'not asked for anything yet',
    'Rounds lost',
  ])
    t.match(page, part)
  t.match(page, 'No reference was asked yet.')
})

t.test('references of its clock, and the attributes, as text', async (t) => {
  const sample = {
    vantage: 'host' as const,
    reference: HOSTILE,
    outcome: 'timeout',
    offsetSeconds: null,
    uncertaintySeconds: null,
    measuredAt: AT,
    secondOpinion: null,
  }
  const clock = {
    ...nodeOf('', []).clock,
    samples: [sample, { ...sample, offsetSeconds: 1, reference: 'ntp 192.0.2.1' }],
  }
  const node = nodeOf(HOSTILE, [agentOf([], { facts: {} })], { clock, attributes: { [HOSTILE]: HOSTILE } })
  const page = nodeHtml(nodeReport({ node }), '../../')
  t.match(page, '+1 s')
  t.notMatch(page, /<script>|"'>/)
})

t.test('every row of a table has a key of its own: a page that updates itself finds each again', async (t) => {
  const reading = { reference: 'aggregator', outcome: 'answered', offsetSeconds: 0, uncertaintySeconds: 0.001 }
  const samples = (['host', 'pod'] as const).map((vantage) => ({
    ...reading,
    vantage,
    measuredAt: AT,
    secondOpinion: null,
  }))
  const page = nodeHtml(
    nodeReport({ node: nodeOf('a', [], { clock: { ...nodeOf('', []).clock, samples } }) }),
    '../../',
  )
  const keys = [...page.matchAll(/data-key="([^"]*)"/g)].map(([, key]) => key)
  t.strictSame(keys, ['host aggregator', 'pod aggregator'])
  t.match(page, '<td data-label="From">pod</td>')
})

t.test('the past stays the past', async (t) => {
  const page = unescaped(nodeHtml(nodeReport(), '../../', AT))
  t.notMatch(page, 'data-update-seconds')
  t.match(page, `href="../../report?at=${encodeURIComponent(AT)}"`)
})

t.test('what is the matter with the data comes first', async (t) => {
  const notices = [{ title: 'Not fresh', text: 'What follows is from before.', commands: [] }]
  t.match(nodeHtml(nodeReport({ notices }), '../../'), /Not fresh\.<\/strong>[\s\S]*<h1/)
})
