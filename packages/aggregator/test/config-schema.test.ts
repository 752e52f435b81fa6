import { defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { AggregatorConfig } from '../src/config-schema.ts'

type Node = { properties?: Record<string, Node>; description?: string; additionalProperties?: boolean }

t.test('every setting is described, and every object closed', async (t) => {
  const visit = (path: string, node: Node) => {
    if (!node.properties) {
      t.ok(node.description, `${path} is described`)
      return
    }
    t.equal(node.additionalProperties, false, `${path || 'the root'} is closed`)
    for (const [key, child] of Object.entries(node.properties)) visit(`${path}.${key}`, child)
  }
  visit('', AggregatorConfig as Node)
})

t.strictSame(
  Object.keys(AggregatorConfig.properties.thresholds.properties),
  Object.keys(defaultThresholds),
  'every threshold can be set',
)
