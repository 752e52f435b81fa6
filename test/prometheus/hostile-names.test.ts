// Names that would break the text format if they were not escaped, read by promtool and by Prometheus itself.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { fleetMetrics } from '../../packages/aggregator/src/metrics-fleet.ts'
import { momentOf, summaryOf } from '../../packages/aggregator/test/sample-moment.ts'
import { run, whyNot } from '../chart/helm.ts'
import { startPrometheus } from './prometheus.ts'
import { until } from './world.ts'

const names = [
  'a"b',
  'a\\',
  'a\\n',
  'a\nb',
  '"} 1\noddnode_node_state{node="forged",state="ok"} 1\n',
  '# TYPE oddnode_agents counter',
  'a\r\tb',
  '\u202eedon',
  '🦉',
  '<script>',
  'x'.repeat(65_536),
]
const text = [
  ...fleetMetrics({ moment: momentOf(names.map((name) => summaryOf(name))), agents: [], now: 0, rejected: () => 0 }),
].join('')
const skip = whyNot('prometheus', 'prometheus')

t.test('promtool reads them', { skip }, async (t) => {
  const checked = run('promtool', ['check', 'metrics'], text)
  t.strictSame({ status: checked.status, said: checked.stdout + checked.stderr }, { status: 0, said: '' })
})

t.test('Prometheus knows each node by its name, and none that was forged', { skip }, async (t) => {
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8').end(text),
  ).listen(0, '127.0.0.1')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const prometheus = await startPrometheus(t, t.testdir(), { hostile: [port] }, '{"groups":[]}')
  await until('it is scraped', async () => (await prometheus.up()) === 1)
  const nodes = await prometheus.query('oddnode_node_state{state="ok"}')
  t.strictSame(nodes.map(({ metric }) => metric['node']).sort(), names.sort())
})
