import { DatabaseSync } from 'node:sqlite'
import { createNode } from '@oddnode/diagnosis'
import fc from 'fast-check'
import t from 'tap'
import { pastAt } from '../../src/store/sqlite-past.ts'
import { prunerOf } from '../../src/store/sqlite-prune.ts'
import { prepareSchema } from '../../src/store/sqlite-schema.ts'
import { writerOf } from '../../src/store/sqlite-writer.ts'
import { emptyBatch } from '../../src/store/store.ts'
import { AT, finding, findingRow, fullBatch, presenceRow, stateRow } from './fixtures.ts'

function rig() {
  const database = new DatabaseSync(':memory:')
  prepareSchema(database, 'x')
  const count = (table: string) => database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows']
  return { database, write: writerOf(database), prune: prunerOf(database), count }
}

t.test('what was followed by another change before the time is forgotten, the last one stays', async (t) => {
  const { database, write, prune, count } = rig()
  const change = (notedAt: number, key = 'a') => ({ notedAt, agent: 'host/node-1', key, state: stateRow(0).state })
  write(fullBatch({ changes: [1, 2, 3, 4].map((i) => change(AT + i)).concat(change(AT + 1, 'b')) }))
  prune(AT + 2.5)
  t.strictSame(
    database
      .prepare('SELECT key, noted FROM state_changes')
      .all()
      .map((row) => [row['key'], row['noted']]),
    [
      ['a', AT + 2],
      ['a', AT + 3],
      ['a', AT + 4],
      ['b', AT + 1],
    ],
  )
  t.equal(count('findings'), 2, 'one is open, one ended later')
  database.close()
})

t.test('a large table takes several calls, and none of them is long', async (t) => {
  const { database, write, prune, count } = rig()
  const state = stateRow(0).state
  const changes = Array.from({ length: 12_000 }, (_, i) => ({ notedAt: AT + i, agent: 'host/node-1', key: 'a', state }))
  write(fullBatch({ changes }))
  prune(AT + 1e6)
  t.equal(count('state_changes'), 7001)
  for (let call = 0; call < 3; call++) prune(AT + 1e6)
  t.equal(count('state_changes'), 1)
  database.close()
})

t.test(
  'spans that are over, and what was noted in them; ended findings with their versions; plans that nobody has',
  async (t) => {
    const { database, write, prune, count } = rig()
    write(fullBatch({ at: AT + 60, listeningSince: AT }))
    write(
      fullBatch({
        at: AT + 1060,
        listeningSince: AT + 1000,
        plans: [],
        agentChanges: [presenceRow(AT + 1001)],
        nodeChanges: [{ notedAt: AT + 1001, name: 'node-1', node: createNode('node-1', ['host']) }],
        pictures: [{ notedAt: AT + 1001, checks: [], hidden: [] }],
        findings: [],
      }),
    )
    prune(AT + 1050)
    for (const table of ['spans', 'agent_changes', 'node_changes', 'pictures', 'findings', 'finding_versions', 'plans'])
      t.equal(count(table), 1, table)
    database.close()
  },
)

t.test('an agent that is gone leaves nothing behind', async (t) => {
  const { database, write, prune, count } = rig()
  write(fullBatch({ at: AT + 60, listeningSince: AT }))
  write({
    ...emptyBatch(),
    at: AT + 1060,
    listeningSince: AT + 1000,
    agentChanges: [{ notedAt: AT + 70, agent: 'host/node-1', presence: null }],
  })
  prune(AT + 1050)
  prune(AT + 1050)
  for (const table of ['agents', 'agent_changes', 'state_changes', 'facts', 'clock_samples', 'plans'])
    t.equal(count(table), 0, table)
  database.close()
})

t.test('property: pruning changes no moment that is kept', async (t) => {
  const change = fc.record({
    at: fc.nat(100),
    key: fc.constantFrom('node', 'agent', 'finding'),
    which: fc.nat(2),
    is: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.nat(100), (changes, horizon) => {
      const { database, write, prune } = rig()
      write(
        fullBatch({
          at: AT,
          agents: [],
          states: [],
          changes: [],
          agentChanges: [],
          nodeChanges: [],
          findings: [],
          clocks: [],
          facts: [],
        }),
      )
      for (const { at, key, which, is } of changes.toSorted((a, b) => a.at - b.at)) {
        const notedAt = AT + at
        const name = `node-${which}`
        const ended = is ? null : new Date(notedAt * 1000).toISOString()
        write({
          ...emptyBatch(),
          at: AT + 100,
          listeningSince: AT,
          nodeChanges: key === 'node' ? [{ notedAt, name, node: is ? createNode(name, ['host']) : null }] : [],
          agentChanges:
            key === 'agent'
              ? [is ? presenceRow(notedAt, name) : { notedAt, agent: `host/${name}`, presence: null }]
              : [],
          findings: key === 'finding' ? [findingRow(finding(`aaaaaaaaaaaaaaa${which}`, ended), notedAt)] : [],
        })
      }
      write({ ...emptyBatch(), at: AT + 100, listeningSince: AT })
      const tell = (at: number) => {
        const past = pastAt(database, at, (act) => act())
        if ('why' in past) return past
        const open = past.findings.filter(({ ended }) => ended === null)
        return {
          open,
          nodes: [...past.nodes()],
          agents: ['node-0', 'node-1', 'node-2'].map((name) => past.agentsOf(name)),
        }
      }
      const moments = [horizon, (horizon + 100) / 2, 100].map((seconds) => AT + seconds)
      const before = moments.map(tell)
      for (let call = 0; call < 3; call++) prune(AT + horizon)
      t.strictSame(moments.map(tell), before)
      database.close()
    }),
    { numRuns: 60 },
  )
})
