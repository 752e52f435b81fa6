import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { prepareSchema, SCHEMA_VERSION } from '../../src/store/sqlite-schema.ts'
import { StoreError } from '../../src/store/store-error.ts'

t.test('an empty database gets the tables, once', async (t) => {
  const database = new DatabaseSync(':memory:')
  prepareSchema(database, 'x')
  prepareSchema(database, 'x')
  const version = database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").get()
  t.equal(version?.['value'], String(SCHEMA_VERSION))
  database.close()
})

t.test('a file of version 1 keeps its present but for states, whose history would be missing', async (t) => {
  const database = new DatabaseSync(':memory:')
  prepareSchema(database, 'x')
  for (const table of ['spans', 'state_changes', 'agent_changes', 'node_changes', 'pictures', 'finding_versions'])
    database.exec(`DROP TABLE ${table}`)
  database.exec(`
    UPDATE meta SET value = '1';
    CREATE TABLE state_changes (at REAL, agent TEXT, plan_id TEXT, probe INTEGER, from_state TEXT, to_state TEXT, evidence TEXT);
    INSERT INTO findings VALUES ('aaaaaaaaaaaaaaaa', NULL, '{}');
    INSERT INTO states VALUES ('host/a', 0, '{}');
  `)
  prepareSchema(database, 'x')
  t.equal(
    database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").get()?.['value'],
    String(SCHEMA_VERSION),
  )
  t.equal(database.prepare('SELECT count(*) AS n FROM findings').get()?.['n'], 1)
  t.equal(database.prepare('SELECT count(*) AS n FROM states').get()?.['n'], 0)
  t.equal(database.prepare('SELECT count(*) AS n FROM state_changes').get()?.['n'], 0)
  prepareSchema(database, 'x')
  database.close()
})

t.test('findings of version 2 get a likely cause that says nothing; what is no JSON is left as it is', async (t) => {
  const database = new DatabaseSync(':memory:')
  prepareSchema(database, 'x')
  database.exec(`
    UPDATE meta SET value = '2';
    INSERT INTO findings VALUES ('aaaaaaaaaaaaaaaa', NULL, '{"id":"a"}'), ('bbbbbbbbbbbbbbbb', NULL, '{');
    INSERT INTO finding_versions VALUES ('aaaaaaaaaaaaaaaa', 1, '{"cause":"known"}');
  `)
  prepareSchema(database, 'x')
  const bodies = (table: string) =>
    database
      .prepare(`SELECT body FROM ${table} ORDER BY id`)
      .all()
      .map(({ body }) => body)
  t.same(bodies('findings'), ['{"id":"a","cause":""}', '{'])
  t.same(bodies('finding_versions'), ['{"cause":"known"}'])
  database.close()
})

t.test('a newer one and a foreign one are refused', async (t) => {
  const database = new DatabaseSync(':memory:')
  prepareSchema(database, 'x')
  database.exec(`UPDATE meta SET value = '${SCHEMA_VERSION + 1}'`)
  t.throws(() => prepareSchema(database, 'x'), new StoreError('newer', 'x'))
  database.exec('DELETE FROM meta')
  t.throws(() => prepareSchema(database, 'x'), new StoreError('foreign', 'x'))
  database.exec('DROP TABLE meta')
  t.throws(() => prepareSchema(database, 'x'), new StoreError('foreign', 'x'))
  database.close()
})
