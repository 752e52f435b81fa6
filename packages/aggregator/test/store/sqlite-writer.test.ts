import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { prepareSchema } from '../../src/store/sqlite-schema.ts'
import { writerOf } from '../../src/store/sqlite-writer.ts'
import { emptyBatch } from '../../src/store/store.ts'
import { AT, finding, findingRow, fullBatch, plan, presenceRow, stateRow } from './fixtures.ts'

function rig(t: { teardown: (act: () => void) => void }) {
  const database = new DatabaseSync(':memory:')
  t.teardown(() => database.close())
  prepareSchema(database, 'x')
  const rows = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  return { write: writerOf(database), rows }
}

t.test('a span of listening is drawn out by every batch, and begins anew with the listening', async (t) => {
  const { write, rows } = rig(t)
  write({ ...emptyBatch(), at: 101, listeningSince: 100 })
  write({ ...emptyBatch(), at: 160, listeningSince: 100 })
  write({ ...emptyBatch(), at: 250, listeningSince: 240 })
  t.strictSame(rows('SELECT * FROM spans'), [
    { started: 100, until: 160 },
    { started: 240, until: 250 },
  ])
})

t.test('after a time without writing all is told again, from then on', async (t) => {
  const { write, rows } = rig(t)
  write(fullBatch({ at: 101, listeningSince: 100 }))
  write({ ...fullBatch({ at: 300, listeningSince: 100, findings: [] }), whole: true })
  write({ ...emptyBatch(), at: 310, listeningSince: 100 })
  t.strictSame(rows('SELECT * FROM spans'), [
    { started: 100, until: 101 },
    { started: 300, until: 310 },
  ])
  t.strictSame(
    rows("SELECT noted, json_extract(body, '$.ended') AS ended FROM finding_versions WHERE id = 'aaaaaaaaaaaaaaaa'"),
    [
      { noted: 300, ended: '2026-11-21T09:05:00.000Z' },
      { noted: AT, ended: null },
    ],
    'an open one that is not told again ended when it was seen last',
  )
})

t.test('changes are added, of two at one time the later counts', async (t) => {
  const { write, rows } = rig(t)
  const change = { notedAt: AT, agent: 'host/node-1', key: 'k', state: stateRow(0).state }
  write({ ...emptyBatch(), changes: [change, { ...change, state: null }, { ...change, notedAt: AT + 1 }] })
  t.match(rows('SELECT noted, body FROM state_changes'), [
    { noted: AT, body: null },
    { noted: AT + 1, body: String },
  ])
})

t.test('an agent whose node is gone is not remembered', async (t) => {
  const { write, rows } = rig(t)
  write(fullBatch())
  write({ ...emptyBatch(), agentChanges: [{ ...presenceRow(AT + 90), presence: null }] })
  t.strictSame(rows('SELECT * FROM agents'), [])
  t.strictSame(rows('SELECT * FROM states'), [])
  t.match(rows('SELECT plan_id, body FROM agent_changes'), [{ plan_id: plan.id }, { plan_id: null, body: null }])
})

t.test('a version of a finding only where something changed', async (t) => {
  const { write, rows } = rig(t)
  const open = finding('aaaaaaaaaaaaaaaa')
  const steps = [open, open, { ...open, severity: 'critical' }, { ...open, ended: '2026-11-21T10:00:00.000Z' }] as const
  for (const [i, step] of steps.entries()) write({ ...emptyBatch(), findings: [findingRow(step, AT + i)] })
  t.strictSame(
    rows('SELECT noted FROM finding_versions').map(({ noted }) => noted),
    [AT, AT + 2, AT + 3],
  )
  t.equal(rows('SELECT * FROM findings').length, 1)
})
