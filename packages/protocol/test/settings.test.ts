import t from 'tap'
import { allowedText, settingFromText, settingsOf } from '../src/settings.ts'

t.test('a setting has three names', async (t) => {
  const schema = {
    properties: { cluster: { type: 'string' }, auth: { properties: { secretFile: { type: 'string' } } } },
  }
  const names = settingsOf(schema, 'ODDNODE_').map(({ path, flag, variable }) => [path, flag, variable])
  t.strictSame(names, [
    ['cluster', '--cluster', 'ODDNODE_CLUSTER'],
    ['auth.secretFile', '--auth.secretFile', 'ODDNODE_AUTH_SECRET_FILE'],
  ])
})

t.test('text becomes the type of its setting, or stays text', async (t) => {
  const cases = [
    ['8080', 'integer', 8080],
    ['1e3', 'number', 1000],
    ['-0.5', 'number', -0.5],
    ['', 'integer', ''],
    ['0x10', 'integer', '0x10'],
    ['true', 'boolean', true],
    ['false', 'boolean', false],
    ['yes', 'boolean', 'yes'],
    ['5', 'string', '5'],
  ] as const
  for (const [text, type, expected] of cases) t.equal(settingFromText(text, { type }), expected, `${type} ${text}`)
  t.strictSame(settingFromText('1, 2,x', { type: 'array', items: { type: 'integer' } }), [1, 2, 'x'])
  t.strictSame(settingFromText('', { type: 'array', items: { type: 'string' } }), [], 'an empty list')
  t.strictSame(settingFromText('a', { type: 'array' }), ['a'])
})

t.test('what is allowed, in words', async (t) => {
  const cases = [
    [{ enum: ['none', 'shared-secret'] }, 'one of none, shared-secret'],
    [{ type: 'boolean' }, 'true or false'],
    [{ type: 'integer', minimum: 1, maximum: 9 }, 'an integer from 1 to 9'],
    [{ type: 'number', minimum: 1 }, 'a number, at least 1'],
    [{ type: 'number', maximum: 1 }, 'a number, at most 1'],
    [{ type: 'number', exclusiveMinimum: 0 }, 'a number above 0'],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 3 }, 'a number above 0, at most 3'],
    [{ type: 'number' }, 'a number'],
    [{ type: 'string' }, 'text'],
    [{ type: 'string', minLength: 1, maxLength: 8 }, 'text that is not empty, at most 8 characters'],
    [{ type: 'string', minLength: 2, maxLength: 8 }, 'text of 2 to 8 characters'],
    [{ type: 'string', pattern: '^a' }, 'text that matches ^a'],
    [{ type: 'string', pattern: '^a', examples: ['a1', 'a2'] }, 'text like a1 or a2'],
    [{ type: 'array', items: { type: 'boolean' } }, 'a list, each true or false'],
    [{ type: 'array' }, 'a list, each an object'],
    [{ type: 'array', maxItems: 16 }, 'a list of at most 16, each an object'],
    [{ type: 'object' }, 'an object'],
  ] as const
  for (const [schema, expected] of cases) t.equal(allowedText(schema), expected)
})
