import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

/** Grows with every change to the tables; a file with a higher number is left alone. */
export const SCHEMA_VERSION = 1

const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE plans (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE agents (
    key TEXT PRIMARY KEY, node TEXT NOT NULL, vantage TEXT NOT NULL, version TEXT NOT NULL, plan_id TEXT NOT NULL,
    first_seen REAL NOT NULL, last_seen REAL NOT NULL, stopped INTEGER NOT NULL, dropped_rounds INTEGER NOT NULL, applied TEXT NOT NULL
  ) STRICT;
  CREATE TABLE states (
    agent TEXT NOT NULL, probe INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, probe)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE state_changes (
    at REAL NOT NULL, agent TEXT NOT NULL, plan_id TEXT NOT NULL, probe INTEGER NOT NULL,
    from_state TEXT NOT NULL, to_state TEXT NOT NULL, evidence TEXT NOT NULL
  ) STRICT;
  CREATE INDEX state_changes_at ON state_changes (at);
  CREATE INDEX state_changes_plan ON state_changes (plan_id);
  CREATE TABLE facts (agent TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, at)) STRICT, WITHOUT ROWID;
  CREATE TABLE clock_samples (
    agent TEXT NOT NULL, reference TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, reference, at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX clock_samples_at ON clock_samples (at);
  CREATE TABLE findings (id TEXT PRIMARY KEY, ended REAL, body TEXT NOT NULL) STRICT;
  CREATE INDEX findings_ended ON findings (ended);
`

/**
 * Makes the tables of a new file, and changes nothing in a file that is not ours.
 * @throws StoreError `newer` or `foreign`; what SQLite throws for a file that is none
 */
export function prepareSchema(database: DatabaseSync, file: string): void {
  // Before any pragma that writes: a file that we cannot read stays as it is, to the byte.
  const version = versionOf(database, file)
  if (version !== null && version > SCHEMA_VERSION) throw new StoreError('newer', file)
  // One process, so no shared memory file; WAL with NORMAL survives a killed process, and a power cut but for its last moments.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  if (version === null) {
    database.exec(`BEGIN IMMEDIATE; ${TABLES} INSERT INTO meta VALUES ('schema_version', '${SCHEMA_VERSION}'); COMMIT`)
  }
}

/** @returns null for an empty database */
function versionOf(database: DatabaseSync, file: string): number | null {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  if (tables.length === 0) return null
  if (!tables.some((table) => table['name'] === 'meta')) throw new StoreError('foreign', file)
  const row = database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").get()
  const version = Number(row?.['value'])
  if (!Number.isInteger(version)) throw new StoreError('foreign', file)
  return version
}
