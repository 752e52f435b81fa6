import t from 'tap'
import { StoreError, storeErrorOf } from '../../src/store/store-error.ts'

const sqliteError = (errcode: number) => Object.assign(new Error('disk I/O error'), { errcode })

t.test('a code of SQLite becomes a kind with a way on', async (t) => {
  const cases = [
    [13, 'full', /goes on by itself/],
    [11, 'corrupt', /move it away/],
    [26, 'corrupt', /move it away/],
    [8, 'read-only', /writable/],
    [1032, 'read-only', /writable/],
    [5, 'busy', /another process/],
    [6, 'busy', /another process/],
    [14, 'unreachable', /folder/],
    [10, 'io', /disk I\/O error/],
    [266, 'io', /disk I\/O error/],
    [99, 'io', /disk I\/O error/],
  ] as const
  for (const [code, kind, message] of cases) {
    t.match(storeErrorOf(sqliteError(code), '/data/oddnode.db'), { kind, message }, `${code}`)
    t.match(storeErrorOf(sqliteError(code), '/data/oddnode.db').message, '/data/oddnode.db')
  }
  t.match(new StoreError('newer', 'x').message, /newer oddnode/)
  t.match(new StoreError('foreign', 'x').message, /something else/)
})

t.test(
  'what is a StoreError stays, broken JSON is damage, a file that was given up cannot be read, and a bug is thrown',
  async (t) => {
    const own = new StoreError('full', 'x')
    t.equal(storeErrorOf(own, 'y'), own)
    t.equal(storeErrorOf(new SyntaxError('Unexpected token'), 'x').kind, 'corrupt')
    const closed = Object.assign(new Error('database is not open'), { code: 'ERR_INVALID_STATE' })
    t.match(storeErrorOf(closed, 'x'), { kind: 'io', message: /database is not open/ })
    t.throws(() => storeErrorOf(new TypeError('a bug'), 'x'), { message: 'a bug' })
  },
)
