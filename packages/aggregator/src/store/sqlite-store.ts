import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { AgentRow, ClockReading, Remembered, RememberedAgent, RestoredState } from '@oddnode/diagnosis'
import { agentKey } from '@oddnode/diagnosis'
import type { Facts, Finding, Plan, Vantage } from '@oddnode/protocol'
import { prepareSchema } from './sqlite-schema.ts'
import type { Batch, Store } from './store.ts'
import { StoreError, storeErrorOf } from './store-error.ts'

/** How long to wait for another process that still holds the file, in milliseconds. It blocks the event loop, and whoever calls tries again. */
const BUSY_MILLISECONDS = 50

/**
 * Opens or begins a data file. A file that cannot be used is left as it is.
 * @throws StoreError
 */
export function openSqliteStore(file: string): Store {
  const guarded = <T>(act: () => T): T => {
    try {
      return act()
    } catch (error) {
      throw storeErrorOf(error, file)
    }
  }
  const database = guarded(() => new DatabaseSync(file, { timeout: BUSY_MILLISECONDS }))
  try {
    const writer = guarded(() => {
      prepareSchema(database, file)
      return writerOf(database)
    })
    const inode = inodeOf(file)
    // A file that was deleted or replaced takes every write, and all of them are lost.
    const guardedHere = <T>(act: () => T): T => {
      if (inodeOf(file) !== inode) throw new StoreError('gone', file)
      return guarded(act)
    }
    return {
      load: () => guarded(() => load(database)),
      commit: (batch) => guardedHere(() => inTransaction(database, () => writer(batch))),
      endedFindings: (since, limit) => guarded(() => endedFindings(database, since, limit)),
      prune: (before) => guardedHere(() => inTransaction(database, () => prune(database, before))),
      close: () => guarded(() => database.close()),
    }
  } catch (error) {
    database.close()
    throw error
  }
}

const inodeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.ino

function inTransaction(database: DatabaseSync, act: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    act()
    database.exec('COMMIT')
  } catch (error) {
    // SQLite has rolled back by itself after some errors, a full disk among them; a second ROLLBACK would hide the first error.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** The prepared statements of `commit`. */
function writerOf(database: DatabaseSync): (batch: Batch) => void {
  const put = {
    plan: database.prepare('INSERT OR IGNORE INTO plans VALUES (?, ?)'),
    agent: database.prepare('INSERT OR REPLACE INTO agents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    state: database.prepare('INSERT OR REPLACE INTO states VALUES (?, ?, ?)'),
    change: database.prepare('INSERT INTO state_changes VALUES (?, ?, ?, ?, ?, ?, ?)'),
    facts: database.prepare('INSERT OR REPLACE INTO facts VALUES (?, ?, ?)'),
    clock: database.prepare('INSERT OR REPLACE INTO clock_samples VALUES (?, ?, ?, ?)'),
    finding: database.prepare('INSERT OR REPLACE INTO findings VALUES (?, ?, ?)'),
  }
  const forgetStates = database.prepare('DELETE FROM states WHERE agent = ?')
  return (batch) => {
    if (batch.whole) forgetPresent(database)
    for (const plan of batch.plans) put.plan.run(plan.id, JSON.stringify(plan))
    for (const agent of batch.agents) put.agent.run(...agentValues(agent))
    for (const agent of batch.replanned) forgetStates.run(agent)
    for (const { agent, state } of batch.states) put.state.run(agent, state.probe, JSON.stringify(state))
    for (const { at, agent, planId, probe, from, to, evidence } of batch.changes) {
      put.change.run(at, agent, planId, probe, from, to, JSON.stringify(evidence))
    }
    for (const { agent, at, facts } of batch.facts) put.facts.run(agent, at, JSON.stringify(facts))
    for (const { agent, reading } of batch.clocks) {
      put.clock.run(agent, referenceOf(reading), reading.takenAt, JSON.stringify(reading))
    }
    for (const finding of batch.findings) put.finding.run(finding.id, endOf(finding), JSON.stringify(finding))
  }
}

/** Makes room for a whole batch: what it has is written again by it. */
function forgetPresent(database: DatabaseSync): void {
  database.exec(`
    DELETE FROM agents;
    DELETE FROM states;
    UPDATE findings SET ended = unixepoch(json_extract(body, '$.lastSeen'), 'subsec'),
      body = json_set(body, '$.ended', json_extract(body, '$.lastSeen')) WHERE ended IS NULL;
  `)
}

const agentValues = (agent: AgentRow) =>
  [
    agentKey(agent.node, agent.vantage),
    agent.node,
    agent.vantage,
    agent.version,
    agent.planId,
    agent.firstSeen,
    agent.lastSeen,
    agent.stopped ? 1 : 0,
    agent.droppedRounds,
    JSON.stringify(agent.applied),
  ] as const

const referenceOf = ({ sample: { reference } }: ClockReading) => `${reference.kind} ${reference.address}`
const endOf = ({ ended }: Finding) => (ended === null ? null : Date.parse(ended) / 1000)

function load(database: DatabaseSync): Remembered {
  const plans = bodies<Plan>(database, 'SELECT body FROM plans')
  const findings = bodies<Finding>(database, 'SELECT body FROM findings WHERE ended IS NULL')
  const states = byAgent<RestoredState>(database, 'SELECT agent, body FROM states ORDER BY agent, probe')
  const facts = byAgent<Facts>(database, 'SELECT agent, body, max(at) FROM facts GROUP BY agent')
  const clocks = byAgent<ClockReading>(
    database,
    'SELECT agent, body, max(at) FROM clock_samples GROUP BY agent, reference',
  )
  const agents = database
    .prepare('SELECT * FROM agents')
    .all()
    .map((row): RememberedAgent => {
      const key = String(row['key'])
      return {
        ...agentOf(row),
        states: states.get(key) ?? [],
        facts: facts.get(key)?.[0] ?? null,
        clocks: clocks.get(key) ?? [],
      }
    })
  return { plans: new Map(plans.map((plan) => [plan.id, plan])), agents, findings }
}

type Row = Record<string, unknown>

const agentOf = (row: Row): AgentRow => ({
  node: String(row['node']),
  vantage: row['vantage'] as Vantage,
  version: String(row['version']),
  planId: String(row['plan_id']),
  firstSeen: Number(row['first_seen']),
  lastSeen: Number(row['last_seen']),
  stopped: row['stopped'] === 1,
  droppedRounds: Number(row['dropped_rounds']),
  applied: JSON.parse(String(row['applied'])) as AgentRow['applied'],
})

const bodies = <T>(database: DatabaseSync, sql: string, ...values: number[]): T[] =>
  database
    .prepare(sql)
    .all(...values)
    .map((row) => JSON.parse(String(row['body'])) as T)

function byAgent<T>(database: DatabaseSync, sql: string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of database.prepare(sql).iterate()) {
    const agent = String(row['agent'])
    const list = found.get(agent) ?? []
    list.push(JSON.parse(String(row['body'])) as T)
    found.set(agent, list)
  }
  return found
}

const endedFindings = (database: DatabaseSync, since: number, limit: number) =>
  bodies<Finding>(database, 'SELECT body FROM findings WHERE ended >= ? ORDER BY ended DESC, id LIMIT ?', since, limit)

/** Rows of one table that one call of `prune` deletes at most: it blocks the event loop. */
const PRUNED_ROWS = 5000

/** Keeps the latest facts and the latest clock reading of each reference, however old: they are the present. */
function prune(database: DatabaseSync, before: number): void {
  for (const sql of [
    'DELETE FROM state_changes WHERE rowid IN (SELECT rowid FROM state_changes WHERE at < ? LIMIT ?)',
    'DELETE FROM findings WHERE rowid IN (SELECT rowid FROM findings WHERE ended < ? LIMIT ?)',
    `DELETE FROM facts WHERE (agent, at) IN (SELECT agent, at FROM facts old WHERE at < ?
       AND at < (SELECT max(at) FROM facts newer WHERE newer.agent = old.agent) LIMIT ?)`,
    `DELETE FROM clock_samples WHERE (agent, reference, at) IN (SELECT agent, reference, at FROM clock_samples old WHERE at < ?
       AND at < (SELECT max(at) FROM clock_samples newer WHERE newer.agent = old.agent AND newer.reference = old.reference) LIMIT ?)`,
  ]) {
    database.prepare(sql).run(before, PRUNED_ROWS)
  }
  database.exec(`DELETE FROM plans WHERE id NOT IN (SELECT plan_id FROM agents)
    AND NOT EXISTS (SELECT 1 FROM state_changes WHERE plan_id = plans.id)`)
}
