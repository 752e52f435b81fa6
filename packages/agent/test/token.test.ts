import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readToken } from '../src/token.ts'

t.test('a projected token rotates: the file is read each time', async (t) => {
  const file = join(t.testdir({ token: 'first\n' }), 'token')
  t.strictSame(await readToken(file), { token: 'first' })
  writeFileSync(file, 'second')
  t.strictSame(await readToken(file), { token: 'second' })
})

t.test('none is configured', async (t) => {
  t.strictSame(await readToken(''), { token: null })
})

t.test('an unreadable one is a failure of the push, not of the agent', async (t) => {
  t.match(await readToken(join(t.testdir(), 'missing')), { error: /^tokenFile cannot be read: ENOENT/ })
})

t.test('what no header can carry is told without the token itself', async (t) => {
  for (const token of ['first\nsecond', 'caf\u00e9 \u{1f600}']) {
    const read = await readToken(join(t.testdir({ token }), 'token'))
    t.strictSame(read, {
      error: 'tokenFile holds a character that no header can carry: allowed is one line of printable ASCII',
    })
  }
})
