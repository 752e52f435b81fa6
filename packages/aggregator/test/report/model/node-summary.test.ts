import { namedNodes } from '@oddnode/diagnosis'
import t from 'tap'
import { createSummaries } from '../../../src/report/model/node-summary.ts'
import { live, liveRound, noNodeLocal } from '../../lived.ts'
import { clusterPlan, healthy, roundOf, samplesOf } from '../../pushing.ts'
import { finding } from '../../store/fixtures.ts'
import { testApp } from '../../test-app.ts'

const nodes = ['node-1', 'node-2']

t.test('a summary says what the node with all its probes says', async (t) => {
  const app = await testApp(t)
  const told = await live(app, { nodes, see: (node) => (node === 'node-2' ? noNodeLocal : healthy) }, 5)
  const { fleet } = app.evaluation
  const summaries = createSummaries()
  for (const view of told.at(-1)?.nodes ?? []) {
    const node = fleet.nodes.get(view.name)
    if (node === undefined) throw new Error('no node')
    const summary = summaries(fleet, node, namedNodes(fleet).get(node.name))
    t.equal(summary.state, view.state)
    t.strictSame(
      summary.agents,
      view.agents.map(({ vantage, state, status }) => ({ vantage, state, status })),
    )
    t.equal(summary.clock.offsetSeconds, view.clock.offsetSeconds)
  }
})

t.test('it is the same object until something of the node changed', async (t) => {
  const app = await testApp(t)
  const life = { nodes, see: () => healthy }
  await live(app, life, 4)
  const { fleet } = app.evaluation
  const summaries = createSummaries()
  const of = (name: string) => {
    const node = fleet.nodes.get(name)
    if (node === undefined) throw new Error('no node')
    return summaries(fleet, node, namedNodes(fleet).get(name))
  }
  const first = of('node-1')
  t.equal(of('node-1'), first)
  fleet.findings.set('aaaaaaaaaaaaaaaa', { ...finding('aaaaaaaaaaaaaaaa'), severity: 'critical' })
  t.equal(of('node-1').state, 'failing', 'a finding names it')
  fleet.findings.clear()
  const second = of('node-1')
  await liveRound(app, life, 4)
  t.not(of('node-1'), second, 'a push')
  const third = of('node-1')
  app.clock.advance(10)
  app.tick()
  t.not(of('node-1'), third, 'a clock may have become stale')
})

t.test('nodes whose agents ask the same have the same columns', async (t) => {
  const app = await testApp(t)
  await live(app, { nodes, see: () => healthy }, 1)
  const target = { role: 'cluster-dns', address: '10.96.0.10', port: 53, learnedFrom: 'kubernetes' } as const
  const other = clusterPlan('host', { targets: [target] })
  await app.push('node-3', 'host', 0, roundOf(other, samplesOf(other)))
  const { fleet } = app.evaluation
  const summaries = createSummaries()
  const [one, two, three] = [...fleet.nodes.values()].map((node) => summaries(fleet, node, undefined).columns)
  t.equal(one, two)
  t.not(one, three)
  t.match(one, /^host .*10\.96\.0\.10 53 tcp.*\npod /s)
})
