import { DatabaseSync } from 'node:sqlite'
import { createNode, probeKey } from '@oddnode/diagnosis'
import t from 'tap'
import { pastAt } from '../../src/store/sqlite-past.ts'
import { prepareSchema } from '../../src/store/sqlite-schema.ts'
import { writerOf } from '../../src/store/sqlite-writer.ts'
import { emptyBatch, type Past } from '../../src/store/store.ts'
import { clusterPlan } from '../pushing.ts'
import { AT, finding, findingRow, fullBatch, plan, presenceRow, reading, stateRow } from './fixtures.ts'

const aggregatorAt = (address: string) => ({ kind: 'aggregator', address }) as const

function rig(t: { teardown: (act: () => void) => void }) {
  const database = new DatabaseSync(':memory:')
  t.teardown(() => database.close())
  prepareSchema(database, 'x')
  const write = writerOf(database)
  const at = (moment: number) => pastAt(database, moment, (act) => act())
  const known = (moment: number): Past => {
    const past = at(moment)
    if ('why' in past) throw new Error(past.why)
    return past
  }
  return { write, at, known }
}

t.test('moments that nobody watched', async (t) => {
  const { write, at } = rig(t)
  t.strictSame(at(AT), { why: 'nothing-kept', before: null, after: null })
  write({ ...emptyBatch(), at: AT + 60, listeningSince: AT })
  write({ ...emptyBatch(), at: AT + 500, listeningSince: AT + 400 })
  t.strictSame(at(AT - 1), { why: 'too-early', before: null, after: AT })
  t.strictSame(at(AT + 200), { why: 'not-running', before: AT + 60, after: AT + 400 })
  t.strictSame(at(AT + 501), { why: 'not-running', before: AT + 500, after: null })
  t.match(at(AT + 60), { listeningSince: AT })
  t.match(at(AT + 400), { listeningSince: AT + 400 })
})

t.test('what was noted until then, and not what came after', async (t) => {
  const { write, known } = rig(t)
  write(fullBatch())
  const recovered = { ...stateRow(0).state, state: 'ok' } as const
  write({
    ...emptyBatch(),
    at: AT + 600,
    listeningSince: AT,
    changes: [{ notedAt: AT + 100, agent: 'host/node-1', key: probeKey(plan, 0), state: recovered }],
    facts: [{ agent: 'host/node-1', at: AT + 100, facts: {} }],
    pictures: [{ notedAt: AT + 100, checks: [], hidden: [] }],
    nodeChanges: [{ notedAt: AT + 100, name: 'node-2', node: createNode('node-2', []) }],
  })
  const before = known(AT + 50)
  t.match(before.picture, { hidden: ['Services'] })
  t.strictSame(
    [...before.nodes()].map(({ name }) => name),
    ['node-1'],
  )
  t.match(before.agentsOf('node-1').agents, [
    {
      vantage: 'host',
      lastSeen: AT + 50,
      facts: { localAddresses: ['10.0.0.1'] },
      states: [{ probe: 0, state: 'failing' }],
    },
  ])
  t.match(before.node('node-1'), { name: 'node-1' })
  t.equal(before.node('node-2'), null)
  const after = known(AT + 100)
  t.strictSame(after.picture.hidden, [])
  t.equal([...after.nodes()].length, 2)
  t.match(after.agentsOf('node-1').agents, [{ facts: {}, states: [{ state: 'ok' }] }])
  t.strictSame(after.agentsOf('node-2').agents, [], 'nobody pushed from it')
})

t.test('a moment is a whole millisecond', async (t) => {
  const { write, known } = rig(t)
  write(fullBatch({ nodeChanges: [{ notedAt: AT + 1.0004, name: 'node-1', node: createNode('node-1', []) }] }))
  t.equal([...known(AT + 1).nodes()].length, 1)
  t.equal([...known(AT + 0.999).nodes()].length, 0)
})

t.test('an agent that was silent was heard last when it was; one that is gone is gone', async (t) => {
  const { write, known } = rig(t)
  const gone = { ...presenceRow(AT + 50), presence: null }
  write(fullBatch({ agentChanges: [presenceRow(AT), presenceRow(AT + 20, 'node-1', AT + 20), gone] }))
  t.match(known(AT + 40).agentsOf('node-1').agents, [{ lastSeen: AT + 20 }])
  t.strictSame(known(AT + 50).agentsOf('node-1').agents, [])
})

t.test('states follow a probe from plan to plan, and leave with it', async (t) => {
  const { write, known } = rig(t)
  const target = { role: 'cluster-dns', address: '10.96.0.10', port: 53, learnedFrom: 'kubernetes' } as const
  const smaller = clusterPlan('host', { targets: [target] })
  const [key] = smaller.probes.map((_, probe) => probeKey(smaller, probe))
  const place = plan.probes.findIndex((_, probe) => probeKey(plan, probe) === key)
  const change = { notedAt: AT + 1, agent: 'host/node-1', state: stateRow(place).state }
  const second = presenceRow(AT + 10)
  if (second.presence === null) throw new Error('no presence')
  write(
    fullBatch({
      plans: [plan, smaller],
      changes: [
        { ...change, key: key ?? '' },
        { ...change, key: probeKey(plan, 0) },
        { ...change, notedAt: AT + 10, key: probeKey(plan, 0), state: null },
      ],
      agentChanges: [presenceRow(AT), { ...second, presence: { ...second.presence, planId: smaller.id } }],
    }),
  )
  const placesAt = (moment: number) =>
    known(moment)
      .agentsOf('node-1')
      .agents[0]?.states.map(({ probe }) => probe)
  t.strictSame(
    placesAt(AT + 5)?.toSorted((a, b) => a - b),
    [0, place],
  )
  t.strictSame(placesAt(AT + 20), [0], 'the place in the new plan')
})

t.test('an agent whose plan is lost is left out', async (t) => {
  const { write, known } = rig(t)
  write(fullBatch({ plans: [] }))
  t.strictSame(known(AT + 20).agentsOf('node-1').agents, [])
})

t.test('findings as they were told, the ones that ended in the day before included', async (t) => {
  const { write, known } = rig(t)
  const open = finding('aaaaaaaaaaaaaaaa')
  const told = [
    findingRow(open, AT),
    findingRow({ ...open, severity: 'critical' }, AT + 20),
    findingRow({ ...open, ended: '2026-11-21T09:01:00.000Z', lastSeen: '2026-11-21T09:00:50.000Z' }, AT + 60),
    findingRow(finding('bbbbbbbbbbbbbbbb'), AT + 70),
    findingRow(finding('cccccccccccccccc', '2026-11-20T08:00:00.000Z'), AT - 90_000),
  ]
  write(fullBatch({ at: AT + 100, findings: told }))
  t.match(known(AT + 10).findings, [{ severity: 'warning', ended: null, lastSeen: '2026-11-21T09:00:10.000Z' }])
  t.match(known(AT + 55).findings, [{ severity: 'critical', ended: null, lastSeen: '2026-11-21T09:00:50.000Z' }])
  t.strictSame(
    known(AT + 80).findings.map(({ id, ended }) => [id, ended]),
    [
      ['aaaaaaaaaaaaaaaa', '2026-11-21T09:01:00.000Z'],
      ['bbbbbbbbbbbbbbbb', null],
    ],
  )
})

t.test('clocks: the last reading that was noted before the moment, and none from long ago', async (t) => {
  const { write, known } = rig(t)
  const row = (notedAt: number, address: string) => ({
    notedAt,
    agent: 'host/node-1',
    reading: { ...reading(notedAt - 12), sample: { ...reading(0).sample, reference: aggregatorAt(address) } },
  })
  write(fullBatch({ at: AT + 3000, clocks: [row(AT + 100, '10.0.0.9'), row(AT + 700, '10.244.0.7')] }))
  const takenAt = (moment: number) =>
    known(moment)
      .agentsOf('node-1')
      .agents[0]?.clocks.map((one) => one.takenAt)
  t.strictSame(takenAt(AT + 95), [], 'taken, and not pushed yet')
  t.strictSame(takenAt(AT + 100), [], 'what comes within the moment is looked at after it')
  t.strictSame(takenAt(AT + 650), [AT + 88])
  t.strictSame(takenAt(AT + 750), [AT + 688], 'one aggregator, whatever address was pushed to')
  t.strictSame(takenAt(AT + 2000), [])
})

t.test('many nodes are read some at a time', async (t) => {
  const { write, known } = rig(t)
  const nodeChanges = Array.from({ length: 450 }, (_, i) => {
    const name = `node-${String(i).padStart(3, '0')}`
    return { notedAt: AT, name, node: i % 3 === 0 ? null : createNode(name, []) }
  })
  write(fullBatch({ nodeChanges }))
  t.equal([...known(AT).nodes()].length, 300)
})
