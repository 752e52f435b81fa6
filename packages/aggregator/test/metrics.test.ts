import t from 'tap'
import { createMetrics } from '../src/metrics.ts'
import { clockSample, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'
import { testApp } from './test-app.ts'

t.test('the promised metrics, and no ghosts', async (t) => {
  const app = await testApp(t, ['--dataFile', `${t.testdir()}/oddnode.db`])
  const plan = clusterPlan('pod')
  const scrape = async () => (await app.server.inject('/metrics')).body
  t.match(await scrape(), 'oddnode_pushes_rejected_total{reason="unknown-plan"} 0', 'known from the start')
  for (let counter = 0; counter < 6; counter++) {
    for (const node of ['node-1', 'node-2', 'node-3']) {
      const see = (of: typeof plan, probe: number) =>
        node === 'node-2' && of.probes[probe]?.target === 0 ? timeout() : healthy(of, probe)
      await app.push(node, 'pod', counter, roundOf(plan, samplesOf(plan, see), { clock: [clockSample(-0.002)] }))
    }
    app.clock.advance(15)
    app.tick()
  }
  const text = await scrape()
  for (const line of [
    'oddnode_finding_active{fault="unexplained-difference",severity="warning",scope="node",node="node-2"} 1',
    'oddnode_node_state{node="node-2",state="failing"} 1',
    'oddnode_node_state{node="node-2",state="ok"} 0',
    'oddnode_node_clock_offset_seconds{node="node-1"} -0.002',
    'oddnode_node_clock_uncertainty_seconds{node="node-1"} 0.0005',
    'oddnode_agent_last_push_age_seconds{node="node-1",vantage="pod"} 15',
    'oddnode_agents{vantage="pod",status="reporting"} 3',
    'oddnode_agents{vantage="pod",status="expected"} 3',
    'oddnode_agents{vantage="host",status="expected"} 0',
    'oddnode_pushes_accepted_total 18',
    'oddnode_store_failing 0',
    `oddnode_build_info{version="0.1.0",nodeversion="${process.version}"} 1`,
    'oddnode_fault_info{fault="unexplained-difference",about="Something fails or differs between nodes, and fits no other fault of the catalogue."} 1',
  ]) {
    t.ok(text.includes(line), line)
  }
  t.match(text, /oddnode_evaluation_duration_seconds_count [1-9]/)
  t.match(text, /oddnode_store_commit_duration_seconds_count [1-9]/)
  t.match(text, /nodejs_eventloop_lag_p99_seconds/)
  app.evaluation.fleet.nodes.delete('node-2')
  app.evaluation.fleet.agents.delete('pod/node-2')
  app.tick()
  t.notMatch(
    await scrape(),
    /node_state\{node="node-2"|push_age_seconds\{node="node-2"/,
    'a node that left leaves no series',
  )
})

t.test('two aggregators in one process do not meet', async (t) =>
  t.not(createMetrics().registry, createMetrics().registry),
)
