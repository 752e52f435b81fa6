import t from 'tap'
import { type FleetInput, momentOfFleet } from '../../../src/report/model/fleet-moment.ts'
import { createSummaries } from '../../../src/report/model/node-summary.ts'
import { inSlices } from '../../../src/report/model/slices.ts'
import { live, noNodeLocal } from '../../lived.ts'
import { healthy } from '../../pushing.ts'
import { testApp } from '../../test-app.ts'

async function lived(t: Parameters<typeof testApp>[0], nodes: readonly string[]) {
  const app = await testApp(t)
  const see = (node: string) => (node === 'node-b' ? noNodeLocal : healthy)
  await live(app, { nodes, see }, 6)
  const input: FleetInput = {
    fleet: app.evaluation.fleet,
    cluster: 'c',
    version: '0.1.0',
    picture: { checks: [], hidden: [] },
    storage: null,
    ended: [],
    past: false,
    keepsPast: false,
    namespace: null,
    visit: (_node, look) => look(),
    summaries: createSummaries(),
    latency: null,
  }
  return { app, input }
}

t.test('odd nodes first, then by name; a node with its probes when it is asked for', async (t) => {
  const { input } = await lived(t, ['node-c', 'node-b', 'node-a'])
  const moment = await inSlices(momentOfFleet(input))
  t.strictSame(
    moment.nodes.map(({ name, state }) => `${name} ${state}`),
    ['node-b failing', 'node-a ok', 'node-c ok'],
  )
  t.equal(moment.head.verdict.nodes.expected, 3)
  t.match(moment.node('node-b'), { state: 'failing', agents: [{ vantage: 'host' }, { vantage: 'pod' }] })
  t.equal(moment.node('node-x'), null)
  t.match(moment.heard, { roundSeconds: 15, startedAt: '2026-11-21T09:00:00.000Z' })
  t.equal(moment.latency.length, 12)
})

t.test('many nodes take many steps', async (t) => {
  const { input } = await lived(
    t,
    Array.from({ length: 60 }, (_, i) => `node-${i}`),
  )
  let steps = 0
  for (const _ of momentOfFleet(input)) steps++
  t.ok(steps >= 2)
})

t.test('agents that must be fetched are there while their node is looked at', async (t) => {
  const { input } = await lived(t, ['node-a', 'node-b'])
  const agents = new Map(input.fleet.agents)
  input.fleet.agents.clear()
  const visit: FleetInput['visit'] = (node, look) => {
    for (const [key, agent] of agents) if (agent.node === node.name) input.fleet.agents.set(key, agent)
    const seen = look()
    input.fleet.agents.clear()
    return seen
  }
  const moment = await inSlices(momentOfFleet({ ...input, past: true, visit }))
  t.equal(moment.past, true)
  t.equal(moment.head.verdict.agents.reporting, 4)
  t.equal(moment.node('node-b')?.agents[0]?.status, 'reporting')
})

t.test('nothing known yet', async (t) => {
  const { input } = await lived(t, [])
  const moment = await inSlices(momentOfFleet({ ...input, latency: [] }))
  t.match(moment, {
    nodes: [],
    latency: [],
    head: { verdict: { state: 'no-data' } },
    heard: { latestAt: null, firstAt: null },
  })
})

t.test('who is silent has no answer times of now, and what is the matter is told', async (t) => {
  const app = await testApp(t)
  await live(app, { nodes: ['a', 'b'], see: () => healthy }, 6)
  const told = await live(app, { nodes: ['a', 'b'], see: (node) => (node === 'a' ? null : healthy) }, 16, 6)
  t.strictSame(told.at(-1)?.notices, [])
  const { input } = await lived(t, [])
  const { fleet } = app.evaluation
  const moment = await inSlices(momentOfFleet({ ...input, fleet, storage: 'The disk is full.' }))
  t.equal(moment.nodes.find(({ name }) => name === 'a')?.agents[0]?.status, 'silent')
  t.equal(moment.latency[0]?.nodes, 1)
  t.match(moment.head.notices, [{ title: 'Not remembered' }])
})
