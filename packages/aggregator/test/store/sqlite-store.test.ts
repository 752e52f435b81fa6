import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import { emptyBatch } from '../../src/store/store.ts'
import { noSmallDisk, smallDisk } from '../small-disk.ts'
import { AT, agentRow, finding, findingRow, fullBatch, plan, reading, stateRow } from './fixtures.ts'

const fileIn = (t: { testdir: () => string }) => join(t.testdir(), 'oddnode.db')

function thrown(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

t.test('what is committed is there after a restart', async (t) => {
  const file = fileIn(t)
  const first = openSqliteStore(file)
  first.commit(fullBatch())
  first.close()
  const second = openSqliteStore(file)
  t.teardown(() => second.close())
  const { plans, agents, findings } = second.load()
  t.strictSame([...plans.values()], [plan])
  t.strictSame(agents, [
    {
      ...agentRow(),
      states: [stateRow(0).state, stateRow(1).state],
      facts: { localAddresses: ['10.0.0.1'] },
      clocks: [reading(AT)],
    },
  ])
  t.strictSame(findings, [finding('aaaaaaaaaaaaaaaa')], 'only the open one')
  t.strictSame(second.endedFindings(0, 10), [finding('bbbbbbbbbbbbbbbb', '2026-11-21T09:10:00.000Z')])
})

t.test('of two rows with one key the later one counts', async (t) => {
  const store = openSqliteStore(fileIn(t))
  t.teardown(() => store.close())
  store.commit(fullBatch())
  store.commit({
    ...emptyBatch(),
    agents: [agentRow('node-1', { lastSeen: AT + 90, stopped: true })],
    clocks: [{ notedAt: AT + 600, agent: 'host/node-1', reading: reading(AT + 600) }],
  })
  store.commit({ ...emptyBatch(), findings: [findingRow(finding('aaaaaaaaaaaaaaaa', '2026-11-21T10:00:00.000Z'))] })
  const { agents, findings } = store.load()
  t.match(agents, [{ lastSeen: AT + 90, stopped: true, clocks: [{ takenAt: AT + 600 }] }])
  t.strictSame(findings, [])
  t.strictSame(
    store.endedFindings(0, 10).map(({ id }) => id),
    ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'],
    'the latest first',
  )
  t.equal(store.endedFindings(Date.parse('2026-11-21T09:30:00Z') / 1000, 10).length, 1)
})

t.test('a changed plan forgets the states of the old one', async (t) => {
  const store = openSqliteStore(fileIn(t))
  t.teardown(() => store.close())
  store.commit(fullBatch())
  store.commit({ ...emptyBatch(), replanned: ['host/node-1'], states: [stateRow(7)] })
  t.strictSame(
    store.load().agents[0]?.states.map(({ probe }) => probe),
    [7],
  )
})

t.test('a whole batch forgets agents that it does not have and ends open findings that nobody watched', async (t) => {
  const store = openSqliteStore(fileIn(t))
  t.teardown(() => store.close())
  store.commit(fullBatch({ agents: [agentRow('node-1'), agentRow('gone')] }))
  store.commit({ ...fullBatch({ findings: [] }), whole: true })
  const { agents, findings } = store.load()
  t.strictSame(
    agents.map(({ node }) => node),
    ['node-1'],
  )
  t.strictSame(findings, [])
  t.match(store.endedFindings(0, 10), [
    { id: 'bbbbbbbbbbbbbbbb' },
    { id: 'aaaaaaaaaaaaaaaa', ended: '2026-11-21T09:05:00.000Z' },
  ])
})

t.test('pruning forgets the past and keeps the present', async (t) => {
  const file = fileIn(t)
  const store = openSqliteStore(file)
  store.commit(fullBatch({ plans: [plan, { ...plan, id: 'dead' }] }))
  store.commit({
    ...emptyBatch(),
    clocks: [{ notedAt: AT + 600, agent: 'host/node-1', reading: reading(AT + 600) }],
    facts: [{ agent: 'host/node-1', at: AT + 5, facts: {} }],
  })
  store.prune(AT + 1e6)
  t.strictSame(store.endedFindings(0, 10), [])
  const { plans, agents, findings } = store.load()
  t.match(agents, [{ facts: {}, clocks: [{ takenAt: AT + 600 }] }])
  t.equal(findings.length, 1, 'an open finding has no age')
  t.strictSame([...plans.keys()], [plan.id], 'a plan that nobody has is gone')
  store.close()
  const database = new DatabaseSync(file)
  t.teardown(() => database.close())
  for (const table of ['state_changes', 'agent_changes', 'node_changes', 'facts', 'clock_samples']) {
    t.equal(
      database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows'],
      1,
      `${table}: the last one tells how things stand`,
    )
  }
})

t.test('a batch is all or nothing', async (t) => {
  const file = fileIn(t)
  const store = openSqliteStore(file)
  t.teardown(() => store.close())
  const unreadable = { ...agentRow('node-2'), firstSeen: Number.NaN }
  t.match(
    thrown(() => store.commit(fullBatch({ agents: [agentRow(), unreadable] }))),
    { kind: 'io' },
  )
  t.strictSame(store.load().agents, [])
  store.commit(fullBatch())
  t.equal(store.load().agents.length, 1, 'and the store goes on')
})

t.test(
  'a full disk: an error that says so, and writing goes on when there is room',
  { skip: noSmallDisk() },
  async (t) => {
    const mounted = smallDisk(t, '512k')
    const store = openSqliteStore(join(mounted, 'oddnode.db'))
    store.commit(fullBatch())
    writeFileSync(join(mounted, 'ballast'), Buffer.alloc(340_000))
    const many = Array.from({ length: 2000 }, (_, i) => stateRow(i))
    const error = thrown(() => store.commit(fullBatch({ states: many })))
    t.match(error, { kind: 'full', message: /no room.*free some/ })
    t.equal(store.load().agents[0]?.states.length, 2, 'what was there can be read')
    writeFileSync(join(mounted, 'ballast'), '')
    store.commit(fullBatch({ findings: [findingRow(finding('cccccccccccccccc'))] }))
    t.equal(store.load().findings.length, 2)
    store.close()
  },
)

t.test('files that are not ours stay as they are, to the byte', async (t) => {
  const folder = t.testdir()
  const newer = join(folder, 'newer.db')
  openSqliteStore(newer).close()
  const bumped = new DatabaseSync(newer)
  bumped.exec("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
  bumped.close()
  const foreign = join(folder, 'foreign.db')
  const other = new DatabaseSync(foreign)
  other.exec('CREATE TABLE photos (id INTEGER)')
  other.close()
  const foreignMeta = join(folder, 'foreign-meta.db')
  const another = new DatabaseSync(foreignMeta)
  another.exec("CREATE TABLE meta (key TEXT, value TEXT); INSERT INTO meta VALUES ('schema_version', 'blue')")
  another.close()
  const garbage = join(folder, 'garbage.db')
  writeFileSync(garbage, Buffer.alloc(100_000, 'garbage '))
  const truncated = join(folder, 'truncated.db')
  const whole = openSqliteStore(truncated)
  whole.commit(fullBatch())
  whole.close()
  writeFileSync(truncated, readFileSync(truncated).subarray(0, 5000))
  const cases = [
    [newer, 'newer', /newer oddnode/],
    [foreign, 'foreign', /something else/],
    [foreignMeta, 'foreign', /something else/],
    [garbage, 'corrupt', /damaged and was left as it is/],
    [truncated, 'corrupt', /damaged/],
  ] as const
  for (const [file, kind, message] of cases) {
    const before = readFileSync(file)
    t.match(
      thrown(() => openSqliteStore(file).load()),
      { kind, message },
      kind,
    )
    t.ok(readFileSync(file).equals(before), `${kind}: untouched`)
  }
})

t.test('damage in a row is damage', async (t) => {
  const file = fileIn(t)
  const store = openSqliteStore(file)
  store.commit(fullBatch())
  store.close()
  const database = new DatabaseSync(file)
  database.exec("UPDATE plans SET body = '{'")
  database.close()
  const again = openSqliteStore(file)
  t.teardown(() => again.close())
  t.match(
    thrown(() => again.load()),
    { kind: 'corrupt' },
  )
})

const damages = {
  'a plan without its probes': `UPDATE plans SET body = replace(body, '"probes"', '"prnbes"')`,
  'a plan that is null': "UPDATE plans SET body = 'null'",
  'a plan whose probe asks no target': `UPDATE plans SET body = json_set(body, '$.probes[0].target', 99)`,
  'a clock reading that is a number': "UPDATE clock_samples SET body = '5'",
  'a state of nothing but a place': `UPDATE states SET body = '{"probe":0}'`,
  'a vantage that is none': "UPDATE agents SET vantage = 'hose'",
  'applied rounds without counters': `UPDATE agents SET applied = '{"a":1}'`,
  'a finding of nothing': "UPDATE findings SET body = '{}'",
  'a finding without a time': `UPDATE findings SET body = json_set(body, '$.since', 'soon')`,
  'facts of another kind': `UPDATE facts SET body = '{"hosts":7}'`,
}

t.test('a row that SQLite takes and that is not what it should be is damage, and not a bug', async (t) => {
  for (const [what, sql] of Object.entries(damages)) {
    const file = join(t.testdir(), 'oddnode.db')
    const store = openSqliteStore(file)
    store.commit(fullBatch())
    store.close()
    const database = new DatabaseSync(file)
    database.exec(sql)
    database.close()
    const again = openSqliteStore(file)
    t.match(
      thrown(() => again.load()),
      { kind: 'corrupt', message: /damaged and was left as it is: move it away/ },
      what,
    )
    if (what.startsWith('a finding')) {
      const reads = [() => again.finding('aaaaaaaaaaaaaaaa'), () => again.endedFindings(0, 10)]
      for (const read of reads) t.match(thrown(read), { kind: 'corrupt' }, what)
    }
    again.close()
  }
})

t.test('a folder that is not there, and a file that another process has', async (t) => {
  const folder = t.testdir()
  const missing = join(folder, 'nowhere', 'oddnode.db')
  t.match(
    thrown(() => openSqliteStore(missing)),
    { kind: 'unreachable', message: /in a folder that exists/ },
  )
  t.notOk(existsSync(missing))
  const file = join(folder, 'busy.db')
  const first = openSqliteStore(file)
  t.teardown(() => first.close())
  first.commit(fullBatch())
  t.match(
    thrown(() => openSqliteStore(file)),
    { kind: 'busy', message: /in use by another process/ },
  )
})

t.test('a file that may not be written', { skip: noSmallDisk() }, async (t) => {
  const mounted = smallDisk(t, '2m')
  const file = join(mounted, 'oddnode.db')
  const store = openSqliteStore(file)
  store.commit(fullBatch())
  store.close()
  spawnSync('mount', ['-o', 'remount,ro', mounted])
  const error = thrown(() => openSqliteStore(file).commit(fullBatch()))
  t.match(error, { kind: /^(read-only|unreachable)$/ }, (error as Error).message)
})

t.test('a file that is deleted or replaced while in use is told, not written into the void', async (t) => {
  const file = join(t.testdir(), 'data.db')
  const store = openSqliteStore(file)
  store.commit(emptyBatch())
  rmSync(file)
  t.throws(() => store.commit(emptyBatch()), {
    kind: 'gone',
    message: /deleted or replaced .* a new one is begun by itself/,
  })
  writeFileSync(file, '')
  t.throws(() => store.prune(0), { kind: 'gone', message: /deleted or replaced/ })
  store.close()
})

t.test('another process that holds the file costs no time: whoever opens it tries again', async (t) => {
  const file = join(t.testdir(), 'data.db')
  const first = openSqliteStore(file)
  const startedAt = performance.now()
  t.throws(() => openSqliteStore(file), { kind: 'busy', message: /another process/ })
  t.ok(performance.now() - startedAt < 500)
  first.close()
})
