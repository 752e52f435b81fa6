import t from 'tap'
import { incidentOf } from '../../../src/report/model/incident.ts'
import { besideOf } from '../../../src/report/model/moment.ts'
import { incidentMarkdown } from '../../../src/report/text/incident-markdown.ts'
import { incidentOf as sampleIncident } from '../sample-incident.ts'
import { momentOf } from '../sample-moment.ts'
import { AT, findingOf, sampleReport } from '../sample-report.ts'

const head = { at: AT, cluster: 'prod-eu', version: '0.1.0', notices: [], verdict: sampleReport().verdict }
const markdownOf = (changes: Parameters<typeof findingOf>[0] = {}, others = [findingOf()], externalUrl = '') => {
  const finding = findingOf(changes)
  return incidentMarkdown(incidentOf(head, { finding, others, covered: [], externalUrl, seenAt: besideOf(momentOf()) }))
}

t.test('what a channel needs of it', async (t) => {
  const text = markdownOf({}, [findingOf({ id: '0000000000000001', title: 'another' })])
  for (const part of [
    '**CRITICAL: node-2: timeout from node-local DNS**\n',
    '- Since: 2026-11-21 09:20:00 UTC, open for 9 min\n',
    '- Where: node-2 (1 of 2 nodes)\n',
    '- In common: zone zone-1\n',
    '| ✕ node-2 | pod | node-local 169.254.20.10 udp kubernetes | timeout | 0/5 | – |\n',
    '| ✓ node-1 | pod | node-local 169.254.20.10 udp kubernetes | NOERROR | 5/5 | 0.4 ms |\n',
    '```\ndig @169.254.20.10 kubernetes.default.svc.cluster.local. A\n```\n',
    'Likely cause: The host routes past it.\n',
    'Remedy: Restart it.\n',
    'Meanwhile:\n\n- 2026-11-21 09:20:00 UTC – now  critical  another\n',
    '- <https://example.com/1>\n',
  ])
    t.ok(text.includes(part), part)
})

t.test('one that ended, is explained, and has little to tell', async (t) => {
  const cause = findingOf({ id: '0000000000000001', title: 'the cause', covers: [findingOf().id] })
  const bare = { ended: '2026-11-21T09:25:00.000Z', evidence: [], cause: '', confirm: [], remedy: '', references: [] }
  const text = markdownOf({ ...bare, scope: { kind: 'cluster', nodes: [], shared: {}, subject: null } }, [cause])
  t.match(text, 'until 2026-11-21 09:25:00 UTC (5 min)')
  t.match(text, '- Explained by: the cause\n')
  t.notMatch(text, /cause: |Confirm|Remedy|Meanwhile|\| Node|In common/)
})

t.test('more evidence than fits is counted', async (t) => {
  const [row] = findingOf().evidence
  if (row === undefined) throw new Error('no evidence')
  const text = markdownOf({ evidence: Array.from({ length: 9 }, () => ({ ...row, healthy: null })) })
  t.match(text, '3 more rows in the report.')
})

t.test('texts from outside cannot become markup, end a table row, a fence or mention anybody', async (t) => {
  const [row] = findingOf().evidence
  if (row === undefined) throw new Error('no evidence')
  const text = markdownOf({
    title: '# [x](http://evil) **b** <img> `c` | d @here',
    story: '- 1. & ~~gone~~',
    evidence: [{ ...row, node: 'a|b' }],
    confirm: ['```', 'rm -rf /'],
    references: ['https://example.com/<a> b'],
  })
  t.match(text, '\\[x\\](http://evil) \\*\\*b\\*\\* \\<img\\> \\`c\\` \\| d @\u2060here')
  t.match(text, '\n\\- 1. \\& \\~\\~gone\\~\\~\n')
  t.match(text, '| ✕ a\\|b |')
  t.match(text, '\n````\n```\n````\n')
  t.match(text, '<https://example.com/%3Ca%3E%20b>')
})

t.test('where to type is said, and only what is typed is in the fence', async (t) => {
  const text = markdownOf({ confirm: ['in the cilium pod on node-2: hubble observe', 'date -u'] })
  t.match(text, 'Confirm:\n\nin the cilium pod on node-2:\n\n```\nhubble observe\n```\n\n```\ndate -u\n```\n')
})

t.test('a finding about clocks has their offsets', async (t) => {
  const text = markdownOf({ fault: 'node-clock-wrong' })
  t.match(text, '| ✕ node-2 | +0.3 ms ± 1.1 ms | aggregator |\n| ✓ node-1 |'.replace('✕', '✓'))
})

t.test('the way back: an address where it is known how readers come there, else the path alone', async (t) => {
  const path = `/report/findings/${findingOf().id}`
  t.match(markdownOf(), `\n- Report: \`${path}\` of oddnode\n`)
  t.match(
    markdownOf({}, [], 'https://oddnode.example.com/dns/'),
    `\n- Report: <https://oddnode.example.com/dns${path}>\n`,
  )
})

t.test('every node of many is named once, somewhere', async (t) => {
  const nodes = Array.from({ length: 60 }, (_, i) => `node-${60 - i}`)
  const finding = findingOf({ scope: { kind: 'group', nodes, shared: {}, subject: null } })
  const text = incidentMarkdown(sampleIncident({ finding }))
  for (const name of nodes) t.match(text, new RegExp(`\\b${name}\\b`))
  t.match(text, /node-8 and 52 more/)
  t.notMatch(incidentMarkdown(sampleIncident()), /all its nodes/i)
})
