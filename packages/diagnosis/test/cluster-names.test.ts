import { questions } from '@oddnode/protocol'
import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { asksCluster, needsApi } from '../src/cluster-names.ts'
import { createWorld, good, planOf, present, push } from './world.ts'

const plan = planOf(questions.map((question) => ({ role: 'endpoint', address: '10.244.0.7', question })))

t.test('questions about names of the cluster, and those that CoreDNS answers without the API', async (t) => {
  const world = createWorld(['a'], plan)
  push(world, 'a', 'pod', () => good())
  const agent = present(world.fleet.agents.get('pod/a'))
  const cells = plan.probes.map((_, probe) => cellOf(agent, probe))
  const asked = (is: typeof needsApi) => cells.filter(is).map(({ planned }) => planned.question)
  t.same(asked(asksCluster), ['kubernetes', 'version', 'soa', 'missing', 'canary', 'pair', 'large', 'case'])
  t.same(asked(needsApi), ['kubernetes', 'missing', 'canary', 'pair', 'large', 'case'])
})
