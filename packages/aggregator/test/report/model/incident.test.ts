import { Incident } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { incidentOf, nodesOf, overlap, timelineEntry } from '../../../src/report/model/incident.ts'
import { besideOf } from '../../../src/report/model/moment.ts'
import { momentOf } from '../sample-moment.ts'
import { findingOf, sampleReport } from '../sample-report.ts'

const head = {
  at: '2026-11-21T10:00:00.000Z',
  cluster: 'prod-eu',
  version: '0.1.0',
  notices: [],
  verdict: sampleReport().verdict,
}
const span = (since: string, ended: string | null) => ({
  since: `2026-11-21T${since}:00.000Z`,
  ended: ended === null ? null : `2026-11-21T${ended}:00.000Z`,
})

t.test('a finding, who explains it, what else was open, and its nodes', async (t) => {
  const finding = findingOf(span('09:00', '09:30'))
  const others = [
    findingOf({ ...span('09:10', null), id: '0000000000000001', title: 'the cause', covers: [finding.id] }),
    findingOf({ ...span('09:20', null), id: '0000000000000002', title: 'later' }),
    findingOf({ ...span('08:00', '09:05'), id: '0000000000000003', title: 'before' }),
    findingOf({ ...span('09:31', null), id: '0000000000000004', title: 'after' }),
    findingOf({ ...span('09:20', null), id: '0000000000000005', title: 'explained by it' }),
    finding,
  ]
  const incident = incidentOf(head, {
    finding,
    others,
    covered: ['0000000000000005'],
    externalUrl: '',
    seenAt: besideOf(momentOf()),
  })
  t.strictSame(Value.Errors(Incident, incident), [])
  t.equal(incident.coveredBy?.title, 'the cause')
  t.strictSame(
    incident.meanwhile.map(({ title }) => title),
    ['before', 'later'],
  )
  t.strictSame(
    incident.nodes.map(({ name }) => name),
    ['node-2', 'node-1'],
    'the odd one, and the healthy one of its evidence',
  )
  t.equal(incident.nodesUnknown, null)
})

t.test('where the moment is not known, that is said', async (t) => {
  const incident = incidentOf(head, {
    finding: findingOf(),
    others: [],
    covered: [],
    externalUrl: 'https://oddnode.example.com',
    seenAt: 'Nobody looked.',
  })
  t.match(incident, { nodes: [], nodesUnknown: 'Nobody looked.', coveredBy: null, meanwhile: [] })
})

t.test('a healthy node stands beside also where no evidence names one', async (t) => {
  const names = (evidence = findingOf().evidence, nodes = ['node-2']) =>
    nodesOf(findingOf({ evidence, scope: { ...findingOf().scope, nodes } }), besideOf(momentOf())).map(
      ({ name }) => name,
    )
  t.strictSame(names([]), ['node-2', 'node-1'])
  t.strictSame(names([], ['node-1', 'node-2']), ['node-1', 'node-2'], 'nobody is left')
})

t.test('some of many nodes', async (t) => {
  const nodes = ['node-1', 'node-2', 'gone', 'node-3', 'node-4']
  const finding = findingOf({ scope: { kind: 'group', nodes, shared: {}, subject: null } })
  t.strictSame(
    nodesOf(finding, besideOf(momentOf())).map(({ name }) => name),
    ['node-1', 'node-2'],
  )
})

t.test('overlap', async (t) => {
  const noon = span('12:00', '13:00')
  t.ok(overlap(noon, span('12:59', null)))
  t.ok(overlap(noon, span('11:00', '12:00')))
  t.notOk(overlap(noon, span('13:01', null)))
  t.notOk(overlap(span('13:01', null), noon))
})

t.test('an entry is safe to look at', async (t) => {
  t.equal(timelineEntry(findingOf({ title: 'a\u202eb' })).title, 'a⟨U+202E⟩b')
})
