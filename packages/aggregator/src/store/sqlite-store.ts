import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { AgentRow, Remembered, RememberedAgent } from '@oddnode/diagnosis'
import type { Finding } from '@oddnode/protocol'
import { agentIn, factsIn, findingIn, planIn, readingIn, stateIn } from './row-shapes.ts'
import { pastAt } from './sqlite-past.ts'
import { prunerOf } from './sqlite-prune.ts'
import { prepareSchema } from './sqlite-schema.ts'
import { writerOf } from './sqlite-writer.ts'
import type { Store } from './store.ts'
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
    const { writer, pruner } = guarded(() => {
      prepareSchema(database, file)
      return { writer: writerOf(database), pruner: prunerOf(database) }
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
      finding: (id) => guarded(() => findingById(database, id)),
      past: (at) => guarded(() => pastAt(database, at, guarded)),
      prune: (before) => guardedHere(() => inTransaction(database, () => pruner(before))),
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

function load(database: DatabaseSync): Remembered {
  const plans = bodies(database, planIn, 'SELECT body FROM plans')
  const findings = bodies(database, findingIn, 'SELECT body FROM findings WHERE ended IS NULL')
  const states = byAgent(database, stateIn, 'SELECT agent, body FROM states ORDER BY agent, probe')
  const facts = byAgent(database, factsIn, 'SELECT agent, body, max(at) FROM facts GROUP BY agent')
  const clocks = byAgent(
    database,
    readingIn,
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

const agentOf = (row: Row): AgentRow =>
  agentIn({
    node: row['node'],
    vantage: row['vantage'],
    version: row['version'],
    planId: row['plan_id'],
    firstSeen: row['first_seen'],
    lastSeen: row['last_seen'],
    stopped: row['stopped'] === 1,
    droppedRounds: row['dropped_rounds'],
    applied: JSON.parse(String(row['applied'])),
  })

const bodies = <T>(
  database: DatabaseSync,
  read: (body: unknown) => T,
  sql: string,
  ...values: (number | string)[]
): T[] =>
  database
    .prepare(sql)
    .all(...values)
    .map((row) => read(row['body']))

function byAgent<T>(database: DatabaseSync, read: (body: unknown) => T, sql: string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of database.prepare(sql).iterate()) {
    const agent = String(row['agent'])
    const list = found.get(agent) ?? []
    list.push(read(row['body']))
    found.set(agent, list)
  }
  return found
}

const endedFindings = (database: DatabaseSync, since: number, limit: number) =>
  bodies(
    database,
    findingIn,
    'SELECT body FROM findings WHERE ended >= ? ORDER BY ended DESC, id LIMIT ?',
    since,
    limit,
  )

const findingById = (database: DatabaseSync, id: string): Finding | null =>
  bodies(database, findingIn, 'SELECT body FROM findings WHERE id = ?', id)[0] ?? null
