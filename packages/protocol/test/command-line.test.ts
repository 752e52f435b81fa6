import t from 'tap'
import { readCommandLine } from '../src/command-line.ts'
import { settingsOf } from '../src/settings.ts'

const settings = settingsOf(
  { properties: { port: { type: 'integer' }, metrics: { type: 'boolean' }, name: { type: 'string' } } },
  'X_',
)
const read = (...args: string[]) => readCommandLine(args, settings)

t.test('values', async (t) => {
  t.strictSame(
    [...read('--port=1', '--name', 'a=b').flags],
    [
      ['port', '1'],
      ['name', 'a=b'],
    ],
  )
  t.strictSame([...read('--name=a=b').flags], [['name', 'a=b']], 'only the first = parts')
  t.strictSame([...read('--port', '-5').flags], [['port', '-5']], 'a negative number is a value')
  t.strictSame([...read('--port=1', '--port=2').flags], [['port', '2']], 'the last one wins')
  t.strictSame([...read('--metrics', '--port=1').flags].length, 2, 'a boolean needs no value')
  t.equal(read('--metrics').flags.get('metrics'), 'true')
  t.equal(read('--metrics', 'false').flags.get('metrics'), 'false')
  t.equal(read('--config', 'a.json').file, 'a.json')
  t.equal(read('-h').help, true)
  t.equal(read('--help').help, true)
})

t.test('errors', async (t) => {
  t.strictSame(read('--prot=1').errors, ['unknown flag "--prot", did you mean --port?'])
  t.strictSame(read('--zzzzzzzzz').errors, ['unknown flag "--zzzzzzzzz": --help lists them'])
  t.strictSame(read('serve').errors, ['unexpected argument "serve": settings are given as --name=value'])
  t.strictSame(read('--port').errors, ['--port needs a value: an integer'])
  t.strictSame(read('--port', '--metrics').errors, ['--port needs a value: an integer'], 'a flag is no value')
  t.strictSame(read('--config').errors, ['--config needs a value: a JSON file'])
})
