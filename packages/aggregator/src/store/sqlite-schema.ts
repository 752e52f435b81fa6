import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

/** Grows with every change to the tables; a file with a higher number is left alone. */
export const SCHEMA_VERSION = 3

/** The present: what a restart begins with. */
const PRESENT = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE plans (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE agents (
    key TEXT PRIMARY KEY, node TEXT NOT NULL, vantage TEXT NOT NULL, version TEXT NOT NULL, plan_id TEXT NOT NULL,
    first_seen REAL NOT NULL, last_seen REAL NOT NULL, stopped INTEGER NOT NULL, dropped_rounds INTEGER NOT NULL, applied TEXT NOT NULL
  ) STRICT;
  CREATE TABLE states (
    agent TEXT NOT NULL, probe INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, probe)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE facts (agent TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, at)) STRICT, WITHOUT ROWID;
  CREATE TABLE clock_samples (
    agent TEXT NOT NULL, reference TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL, PRIMARY KEY (agent, reference, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE findings (id TEXT PRIMARY KEY, ended REAL, body TEXT NOT NULL) STRICT;
  CREATE INDEX findings_ended ON findings (ended);
`

/** The past: what changed, and when that was noted. A body that is null says that there is none from then on. */
const PAST = `
  CREATE TABLE spans (started REAL PRIMARY KEY, until REAL NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE state_changes (
    agent TEXT NOT NULL, key TEXT NOT NULL, noted REAL NOT NULL, body TEXT, PRIMARY KEY (agent, key, noted)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE agent_changes (
    agent TEXT NOT NULL, noted REAL NOT NULL, plan_id TEXT, body TEXT, PRIMARY KEY (agent, noted)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX agent_changes_plan ON agent_changes (plan_id);
  CREATE TABLE node_changes (name TEXT NOT NULL, noted REAL NOT NULL, body TEXT, PRIMARY KEY (name, noted)) STRICT, WITHOUT ROWID;
  CREATE TABLE pictures (noted REAL PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE finding_versions (id TEXT NOT NULL, noted REAL NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id, noted)) STRICT, WITHOUT ROWID;
`

/** Version 1 did not say when a change was noted: its history is of no use, and states that have none would be missing in the past. */
const FROM_VERSION_1 = `DROP TABLE state_changes; DELETE FROM states; ${PAST}`

/** Until version 2 findings had no likely cause. What is no JSON stays as it is: whoever reads it says so. */
const FROM_VERSION_2 = ['findings', 'finding_versions']
  .map((table) => `UPDATE ${table} SET body = json_insert(body, '$.cause', '') WHERE json_valid(body);`)
  .join(' ')

/**
 * Makes the tables of a new file, brings those of an older one up to date, and changes nothing in a file that is not ours.
 * @throws StoreError `newer` or `foreign`; what SQLite throws for a file that is none
 */
export function prepareSchema(database: DatabaseSync, file: string): void {
  // Before any pragma that writes: a file that we cannot read stays as it is, to the byte.
  const version = versionOf(database, file)
  if (version !== null && version > SCHEMA_VERSION) throw new StoreError('newer', file)
  // One process, so no shared memory file; WAL with NORMAL survives a killed process, and a power cut but for its last moments.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  if (version === null) {
    database.exec(
      `BEGIN IMMEDIATE; ${PRESENT} ${PAST} INSERT INTO meta VALUES ('schema_version', '${SCHEMA_VERSION}'); COMMIT`,
    )
  } else if (version < SCHEMA_VERSION) {
    const steps = [...(version === 1 ? [FROM_VERSION_1] : []), FROM_VERSION_2]
    const noted = `UPDATE meta SET value = '${SCHEMA_VERSION}' WHERE key = 'schema_version';`
    database.exec(`BEGIN IMMEDIATE; ${steps.join(' ')} ${noted} COMMIT`)
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
