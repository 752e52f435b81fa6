import t from 'tap'
import { incidentOf, timelineEntry } from '../../../src/report/model/incident.ts'
import { besideOf } from '../../../src/report/model/moment.ts'
import { incidentText, timelineLine } from '../../../src/report/text/incident.ts'
import { incidentOf as sampleIncident } from '../sample-incident.ts'
import { momentOf } from '../sample-moment.ts'
import { AT, findingOf, sampleReport } from '../sample-report.ts'

const head = { at: AT, cluster: 'prod-eu', version: '0.1.0', notices: [], verdict: sampleReport().verdict }

t.test('an open one, with what was open besides', async (t) => {
  const cause = findingOf({ id: '0000000000000001', title: 'the cause', covers: [findingOf().id] })
  const other = findingOf({ id: '0000000000000002', title: 'another' })
  const input = {
    finding: findingOf(),
    others: [cause, other],
    covered: [],
    externalUrl: '',
    seenAt: besideOf(momentOf()),
  }
  const text = incidentText(incidentOf(head, input))
  for (const part of [
    /^cluster prod-eu · 2026-11-21 09:29:12 UTC · open for 9 min · oddnode 0.1.0\n\nCRITICAL/,
    /confirm {2}dig @169/,
    /EXPLAINED BY\n {2}2026-11-21 09:20:00 UTC – now {2}critical {2}the cause\n/,
    /MEANWHILE\n {2}.*another\n$/,
  ])
    t.match(text, part)
})

t.test('one that ended', async (t) => {
  const finding = findingOf({ ended: '2026-11-21T09:25:00.000Z' })
  const text = incidentText(
    incidentOf(head, { finding, others: [], covered: [], externalUrl: '', seenAt: besideOf(momentOf()) }),
  )
  t.match(text, /ended 2026-11-21 09:25:00 UTC after 5 min/)
  t.notMatch(text, /EXPLAINED|MEANWHILE/)
  t.match(timelineLine(timelineEntry(finding)), '09:20:00 UTC – 2026-11-21 09:25:00 UTC  critical')
})

t.test('the way to its page, where it is known how readers come there', async (t) => {
  const externalUrl = 'https://oddnode.example.com'
  const text = incidentText(
    incidentOf(head, { finding: findingOf(), others: [], covered: [], externalUrl, seenAt: 'Nobody looked.' }),
  )
  t.match(text, `oddnode 0.1.0\n${externalUrl}/report/findings/${findingOf().id}\n\nCRITICAL`)
})

t.test('every node of many is named once, somewhere', async (t) => {
  const nodes = Array.from({ length: 60 }, (_, i) => `node-${60 - i}`)
  const finding = findingOf({ scope: { kind: 'group', nodes, shared: {}, subject: null } })
  const text = incidentText(sampleIncident({ finding }))
  for (const name of nodes) t.match(text, new RegExp(`\\b${name}\\b`))
  t.match(text, /node-8 and 52 more/)
  t.notMatch(incidentText(sampleIncident()), /all its nodes/i)
})
