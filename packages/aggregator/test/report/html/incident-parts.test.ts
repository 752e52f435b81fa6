import t from 'tap'
import { aroundHtml } from '../../../src/report/html/incident-parts.ts'
import { timelineEntry } from '../../../src/report/model/incident.ts'
import { incidentOf } from '../sample-incident.ts'
import { links } from '../sample-moment.ts'
import { findingOf, nodeOf } from '../sample-report.ts'

t.test('its nodes’ rows, their clocks, and what else was open', async (t) => {
  const text = aroundHtml(incidentOf(), links)
  t.match(text, /node-2[\s\S]*timeout 0\/5[\s\S]*Clock of node-2/)
  t.match(text, /href="report\/findings\/cccccccccccccccc">another<\/a>.*lasted 5 min/)
})

t.test('what explains it comes first', async (t) => {
  const coveredBy = timelineEntry(findingOf({ title: 'the cause' }))
  t.match(aroundHtml(incidentOf({ coveredBy }), links), /Explained by another finding:.*the cause.*open for/)
})

t.test('without nodes it says why; a clock that was not measured is not a good one', async (t) => {
  t.match(aroundHtml(incidentOf({ nodes: [], nodesUnknown: 'Nothing was kept.' }), links), 'Nothing was kept.')
  t.notMatch(aroundHtml(incidentOf({ nodes: [], meanwhile: [] }), links), '<section')
  const clock = { ...nodeOf('', []).clock, offsetSeconds: null }
  t.match(aroundHtml(incidentOf({ nodes: [nodeOf('a', [], { clock })] }), null), 'not measured')
  t.notMatch(aroundHtml(incidentOf(), null), '<a ')
})

t.test('beside a healthy one only where there is one', async (t) => {
  t.match(aroundHtml(incidentOf(), links), 'What its nodes saw, beside a healthy one')
  const odd = nodeOf('node-3', [], { state: 'failing' })
  t.notMatch(aroundHtml(incidentOf({ nodes: [odd] }), links), 'beside')
})
