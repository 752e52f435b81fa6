import t from 'tap'
import { findingPageHtml } from '../../../src/report/html/finding-page.ts'
import { incidentOf } from '../sample-incident.ts'
import { findingOf } from '../sample-report.ts'

t.test('an open finding, with what to keep and to paste', async (t) => {
  const page = findingPageHtml(incidentOf(), '../../')
  t.match(page, '<h1 id="title-b3f1b3f1b3f1b3f1">')
  for (const suffix of ['html', 'json', 'md', 'txt']) t.match(page, `href="b3f1b3f1b3f1b3f1/incident.${suffix}"`)
  t.match(page, 'data-update-seconds')
  t.notMatch(page, 'It is over')
})

t.test('once: how to come to where its commands are typed', async (t) => {
  const finding = findingOf({ confirm: ['on node-2: ip route', 'kubectl get node'] })
  t.match(findingPageHtml(incidentOf({ finding }), '../../'), /Read on[\s\S]*How to get there[\s\S]*Keep it/)
  t.notMatch(findingPageHtml(incidentOf(), '../../'), 'How to get there')
})

t.test('one that is over says so first, and changes no more', async (t) => {
  const page = findingPageHtml(incidentOf({ finding: findingOf({ ended: '2026-11-21T09:25:00.000Z' }) }), '../../')
  t.match(page, /It is over:<\/strong> ended 4 min ago, after 5 min/)
  t.notMatch(page, 'data-update-seconds')
})

t.test('when it was last seen, and what is the matter with the data', async (t) => {
  const notices = [{ title: 'Just restarted', text: 'No agent has pushed yet.', commands: [] }]
  const page = findingPageHtml(incidentOf({ notices }), '../../')
  t.match(page, /Just restarted\.<\/strong> No agent[\s\S]*<h1/)
  t.match(page, /<dt>Last seen<\/dt><dd><time datetime="2026-11-21T09:29:12.646Z"/)
})

t.test('a finding about clocks has their offsets', async (t) => {
  const row = {
    node: 'node-2',
    state: 'failing',
    offsetSeconds: -94,
    uncertaintySeconds: 0.001,
    reference: null,
  } as const
  t.match(findingPageHtml(incidentOf({ clocks: { rows: [row], others: null } }), '../../'), '−94 s ± 1 ms')
})
