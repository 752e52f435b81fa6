import t from 'tap'
import { latencyHtml } from '../../../src/report/html/latency.ts'
import type { LatencyColumn } from '../../../src/report/model/latency.ts'
import { HOSTILE, links } from '../sample-moment.ts'

const column = (changes: Partial<LatencyColumn> = {}): LatencyColumn => ({
  vantage: 'pod',
  role: 'node-local',
  address: '169.254.20.10',
  transport: 'udp',
  nodes: 5,
  medianSeconds: 0.0004,
  minSeconds: 0.0003,
  maxSeconds: 0.0006,
  bins: [0, 5, 0],
  odd: [],
  ...changes,
})

t.test('one drawing for each target and transport, a lane for each vantage, with its numbers in words', async (t) => {
  const text = latencyHtml([column({ vantage: 'host' }), column(), column({ transport: 'tcp' })], links)
  t.equal(text.split('<li class="card"').length - 1, 2)
  t.equal(text.split('role="img"').length - 1, 3)
  t.match(text, 'aria-label="from the pod network: median 0.4 ms, 0.3 ms to 0.6 ms, 5 nodes"')
})

t.test('odd nodes are named, those without an answer too', async (t) => {
  const odd = [
    { node: 'slow', medianSeconds: 1.2 },
    { node: HOSTILE, medianSeconds: null },
  ]
  const text = latencyHtml([column({ odd })], links)
  t.match(text, '<title>slow: 1.2 s</title>')
  t.match(text, /slow<\/a> 1.2 s, .*no answer/)
  t.notMatch(text, '<script')
})

t.test('no answer at all, one node alone, no column, all CoreDNS pods together', async (t) => {
  t.match(
    latencyHtml([column({ nodes: 0, medianSeconds: null, minSeconds: null, maxSeconds: null })], links),
    'pod: no answer',
  )
  t.match(
    latencyHtml([column({ nodes: 1, minSeconds: 0.0004, maxSeconds: 0.0004 })], links),
    'pod: median 0.4 ms, 1 node',
  )
  t.match(latencyHtml([], links), 'Nothing was answered yet.')
  t.match(latencyHtml([column({ role: 'endpoint', address: '' })], links), 'endpoint <span class="address">all of them')
})
