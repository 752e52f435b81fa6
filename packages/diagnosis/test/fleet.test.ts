import t from 'tap'
import { agentKey, createFleet, createNode } from '../src/fleet.ts'
import { defaultThresholds } from '../src/thresholds.ts'

t.test('a new fleet knows nobody', async (t) => {
  t.match(createFleet(1000, defaultThresholds), {
    listeningSince: 1000,
    now: 1000,
    nodes: new Map(),
    agents: new Map(),
    findings: new Map(),
  })
  t.equal(agentKey('node-1', 'pod'), 'pod/node-1')
})

t.test('of a node that only pushed nothing else is known', async (t) => {
  t.same(createNode('node-1', ['pod']), {
    name: 'node-1',
    ready: null,
    cordoned: false,
    createdAt: null,
    attributes: {},
    group: '',
    expected: ['pod'],
  })
})
