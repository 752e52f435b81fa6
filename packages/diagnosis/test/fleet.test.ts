import t from 'tap'
import { agentKey, createFleet } from '../src/fleet.ts'
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
