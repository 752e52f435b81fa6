import t from 'tap'
import { errorLines, type Provenance } from '../src/configuration-errors.ts'
import { settingsOf } from '../src/settings.ts'

const settings = settingsOf(
  { properties: { listen: { type: 'object', properties: { port: { type: 'integer', minimum: 1, maximum: 9 } } } } },
  'ODDNODE_',
)
const lines = (pointer: string, params: Record<string, unknown>, provenance: Partial<Provenance>) =>
  errorLines([{ pointer, message: '', params }], { settings, tree: {}, origins: {}, file: 'f.json', ...provenance })

t.test('a wrong value is told with its source', async (t) => {
  const tree = { listen: { port: 99 } }
  for (const [origin, source] of [
    ['flag', 'flag --listen.port'],
    ['environment', 'environment ODDNODE_LISTEN_PORT'],
    ['file', 'file f.json'],
    ['default', 'default'],
  ] as const) {
    t.strictSame(lines('/listen/port', {}, { tree, origins: { 'listen.port': origin } }), [
      `listen.port is 99 (${source}), allowed is an integer from 1 to 9`,
    ])
  }
})

t.test('an item of a list is told as its list', async (t) => {
  const list = settingsOf({ properties: { ntp: { type: 'array', items: { type: 'string' } } } }, 'X_')
  const told = lines('/ntp/0', {}, { settings: list, tree: { ntp: [5] }, origins: { ntp: 'file' } })
  t.strictSame(told, ['ntp is [5] (file f.json), allowed is a list, each text'])
})

t.test('unknown, missing and misplaced keys', async (t) => {
  t.strictSame(lines('/listen', { additionalProperty: 'prot' }, {}), [
    'unknown setting "listen.prot" in f.json, did you mean listen.port?',
  ])
  t.strictSame(lines('', { additionalProperty: 'a/b' }, {}), ['unknown setting "a/b" in f.json: --help lists them'])
  t.strictSame(lines('/listen', { missingProperty: 'port' }, {}), [
    'listen.port is missing: give --listen.port or ODDNODE_LISTEN_PORT, an integer from 1 to 9',
  ])
  t.strictSame(lines('/listen', {}, { tree: { listen: 5 } }), ['listen is 5 (file f.json), allowed is an object'])
})

t.test('one line for a setting that breaks two rules', async (t) => {
  const error = { pointer: '/listen/port', message: '', params: {} }
  t.equal(errorLines([error, error], { settings, tree: {}, origins: {}, file: undefined }).length, 1)
})
