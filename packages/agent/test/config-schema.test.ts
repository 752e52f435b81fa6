import t from 'tap'
import { Value } from 'typebox/value'
import { AgentConfig } from '../src/config-schema.ts'
import generatedCheck, { schema } from '../src/generated/check-config.ts'
import { configOf } from './configuration.ts'

t.test('the compiled check agrees with the schema that it was made from', async (t) => {
  const good = configOf()
  for (const changed of [
    {},
    { vantage: 'node' },
    { intervalSeconds: 0 },
    { aggregator: ['ftp://192.0.2.1'] },
    { listen: { address: '::', port: 1.5 } },
    { paths: { ...good.paths, etc: '' } },
    { more: 1 },
  ]) {
    const config = { ...good, ...changed }
    t.equal(generatedCheck(config), Value.Check(AgentConfig, config), JSON.stringify(changed))
  }
  t.strictSame(schema, JSON.parse(JSON.stringify(AgentConfig)))
})

t.test('every setting has a description for the help', async (t) => {
  const leaves = (properties: Record<string, { properties?: never; description?: string }>): unknown[] =>
    Object.values(properties).flatMap((leaf) => (leaf.properties ? leaves(leaf.properties) : leaf.description))
  t.ok(
    leaves(JSON.parse(JSON.stringify(AgentConfig)).properties).every((text) => typeof text === 'string' && text !== ''),
  )
})
