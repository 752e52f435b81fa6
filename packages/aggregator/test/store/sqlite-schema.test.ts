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
