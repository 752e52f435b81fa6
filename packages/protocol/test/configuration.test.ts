import fc from 'fast-check'
import t from 'tap'
import type { Check } from '../src/checks.ts'
import { type ConfigurationSources, loadConfiguration } from '../src/configuration.ts'

type Config = { cluster: string; listen: { port: number }; ntp: string[]; dataFile?: string }

const schema = {
  type: 'object',
  properties: {
    cluster: { type: 'string', default: 'default' },
    listen: { type: 'object', properties: { port: { type: 'integer', maximum: 65535, default: 8080 } } },
    ntp: { type: 'array', items: { type: 'string' }, default: [] },
    dataFile: { type: 'string' },
  },
}

/** What Ajv's compiled check would say of this schema, as far as these tests need it. */
const check: Check<Config> = (value) => {
  const config = value as Config & Record<string, unknown>
  const unknown = Object.keys(config).filter((key) => !(key in schema.properties))
  const errors = unknown.map((key) => ({
    pointer: '',
    message: '',
    params: { additionalProperty: key } as Record<string, unknown>,
  }))
  if (!Number.isInteger(config.listen?.port)) errors.push({ pointer: '/listen/port', message: '', params: {} })
  return errors.length > 0 ? { errors } : { value: config }
}

function load(sources: Partial<ConfigurationSources<Config>> = {}, file?: string) {
  return loadConfiguration<Config>({
    schema,
    check,
    environmentPrefix: 'ODDNODE_',
    arguments: [],
    environment: {},
    readFile: (path) => {
      if (file === undefined) throw new Error(`ENOENT: no such file ${path}`)
      return file
    },
    ...sources,
  })
}

t.test('defaults alone', async (t) => {
  t.strictSame(load(), {
    value: { cluster: 'default', listen: { port: 8080 }, ntp: [] },
    origins: { cluster: 'default', 'listen.port': 'default', ntp: 'default' },
  })
})

t.test('file < environment < flags', async (t) => {
  const file = JSON.stringify({ cluster: 'file', listen: { port: 1 }, ntp: ['192.0.2.1'], dataFile: 'x' })
  const environment = { ODDNODE_CLUSTER: 'environment', ODDNODE_LISTEN_PORT: '2', ODDNODE_SERVICE_HOST: '10.0.0.1' }
  const loaded = load({ arguments: ['--config', 'c.json', '--cluster=flag'], environment }, file)
  t.strictSame(loaded, {
    value: { cluster: 'flag', listen: { port: 2 }, ntp: ['192.0.2.1'], dataFile: 'x' },
    origins: { cluster: 'flag', 'listen.port': 'environment', ntp: 'file', dataFile: 'file' },
  })
})

t.test('the file may be named in the environment', async (t) => {
  const loaded = load({ environment: { ODDNODE_CONFIG: 'c.json' } }, '{"cluster":"file"}')
  t.match(loaded, { value: { cluster: 'file' } })
})

t.test('an empty variable counts as unset, an empty flag does not', async (t) => {
  t.match(load({ environment: { ODDNODE_CLUSTER: '' } }), { value: { cluster: 'default' } })
  t.match(load({ arguments: ['--cluster='] }), { value: { cluster: '' }, origins: { cluster: 'flag' } })
})

t.test('everything wrong is told at once', async (t) => {
  const loaded = load({ arguments: ['--config=c.json', '--prot=1', '--listen.port=many'] }, '{"clustre":1}')
  t.strictSame(loaded, {
    errors: [
      'unknown flag "--prot": --help lists them',
      'unknown setting "clustre" in c.json, did you mean cluster?',
      'listen.port is "many" (flag --listen.port), allowed is an integer, at most 65535',
    ],
  })
  t.strictSame(load({ arguments: ['--prot=1'] }), { errors: ['unknown flag "--prot": --help lists them'] })
})

t.test('a file that is not there, not JSON, or not an object', async (t) => {
  const argument = { arguments: ['--config', 'c.json'] }
  t.match(load(argument), { errors: [/^cannot read the configuration file c.json: ENOENT/] })
  t.match(load(argument, '{'), { errors: [/^c.json is not JSON: /] })
  t.match(load(argument, '[]'), { errors: ['c.json is not a JSON object'] })
})

t.test('help', async (t) => {
  const loaded = load({ arguments: ['--help', '--nonsense'] })
  t.match(loaded, { errors: [], help: /--listen.port {2}\(ODDNODE_LISTEN_PORT\)/ })
})

t.test('never throws, whatever the sources say', async () => {
  const argument = fc.oneof(
    fc.string(),
    fc.constantFrom('--cluster', '--listen.port', '--config', '--ntp=a,b', '--help'),
  )
  const sources = fc.record({ arguments: fc.array(argument), file: fc.oneof(fc.string(), fc.json()) })
  fc.assert(
    fc.property(sources, (given) => {
      load({ arguments: given.arguments }, given.file)
    }),
  )
})
