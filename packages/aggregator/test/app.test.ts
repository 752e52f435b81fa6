import t from 'tap'
import { clockSample, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'
import { testApp } from './test-app.ts'

t.test('from pushes to a sentence: pods of one node do not reach node-local DNS', async (t) => {
  const app = await testApp(t)
  for (let counter = 0; counter < 6; counter++) {
    for (const node of ['node-1', 'node-2', 'node-3']) {
      for (const vantage of ['host', 'pod'] as const) {
        const plan = clusterPlan(vantage)
        const odd = node === 'node-2' && vantage === 'pod'
        const samples = samplesOf(plan, (of, probe) =>
          odd && of.probes[probe]?.target === 0 ? timeout() : healthy(of, probe),
        )
        const pushed = await app.push(node, vantage, counter, roundOf(plan, samples, { clock: [clockSample(0.0002)] }))
        t.equal(pushed.status, 200)
      }
    }
    app.clock.advance(15)
  }
  const report = await app.report()
  t.equal(report.verdict.state, 'failing')
  t.strictSame(report.verdict.nodes, { expected: 3, reporting: 3, odd: 1 })
  t.match(report.verdict.sentence, /node-2/)
  t.match(report.findings, [{ scope: { nodes: ['node-2'] } }])
  t.equal(report.nodes[0]?.name, 'node-2', 'the odd one first')
  console.error(report.verdict, (await app.server.inject('/report.txt')).body)
})
