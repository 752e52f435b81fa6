// The dashboard and the alerts on a real Prometheus that scrapes a real aggregator and real agents: while all is well, while a node is odd,
// and while the aggregator is away. The rules are the chart's own; only their waiting times are shortened here.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { clusterPlan, roundOf } from '../../packages/aggregator/test/pushing.ts'
import { freePort } from '../bench/servers.ts'
import { run, whyNot } from '../chart/helm.ts'
import { type Prometheus, startPrometheus } from './prometheus.ts'
import { allWell, push, pushRounds, someOdd, startAgent, startAggregator, startOutcast, until } from './world.ts'

const chart = resolve(import.meta.dirname, '../../charts/oddnode')
const rules = readFileSync(join(chart, 'rules/alerts.yaml'), 'utf8')
  .replace(/^( +)for: .*$/gm, '$1for: 1s')
  .replace(/^( +)keep_firing_for: .*$/gm, '$1keep_firing_for: 1s')
  .replaceAll('[1h:1m]', '[1h:1s]')

type Target = { expr: string }
type Panel = { title: string; description?: string; targets?: Target[] }
const { panels } = JSON.parse(readFileSync(join(chart, 'dashboards/overview.json'), 'utf8')) as { panels: Panel[] }
const queries = panels.flatMap(({ title, description = '', targets = [] }) =>
  targets.map(({ expr }) => ({ title, description, expr })),
)

/** As Grafana fills in its variables. */
const filledIn = (expr: string) =>
  expr.replaceAll('$__rate_interval', '15s').replaceAll('$__range', '5m').replaceAll('$node', '.*')

/** The queries that have nothing to show now, by panel. */
async function empty(prometheus: Prometheus): Promise<string[]> {
  const answers = await Promise.all(queries.map(({ expr }) => prometheus.query(filledIn(expr))))
  return queries.flatMap(({ title, expr }, i) => (answers[i]?.length === 0 ? [`${title}: ${expr}`] : []))
}

const firing = async (prometheus: Prometheus): Promise<Set<string>> =>
  new Set((await prometheus.firing()).map(({ labels }) => labels['alertname'] ?? ''))

const areAll = (names: readonly string[], firing: ReadonlySet<string>) => names.every((name) => firing.has(name))

const skip = whyNot('prometheus', 'prometheus') || whyNot('unbound', 'unbound')

t.test('dashboard and alerts', { skip, timeout: 280_000 }, async (t) => {
  const [first, second, third] = [await freePort(), await freePort(), await freePort()]
  const ports = { aggregator: first, agent: second, outcast: third }
  const folder = t.testdir({ prometheus: {} })
  const aggregator = await startAggregator(t, ports.aggregator, join(folder, 'oddnode.db'))
  const rounds = pushRounds(t, ports.aggregator, allWell)
  const agent = await startAgent(t, ports)
  const jobs = { aggregator: [ports.aggregator], agents: [ports.agent, ports.outcast] }
  const prometheus = await startPrometheus(t, join(folder, 'prometheus'), jobs, rules)

  await t.test(
    'well: every query has data, or its panel says that it is empty then, and nothing is alerted',
    async (t) => {
      await until('the aggregator and an agent are scraped', async () => (await prometheus.up()) === 2)
      const unexpected = async () => {
        const quiet = queries.filter(({ description }) => /\bempty when all is well\./i.test(description))
        const mayBeEmpty = new Set(quiet.map(({ title }) => title))
        return (await empty(prometheus)).filter((query) => !mayBeEmpty.has(query.split(': ')[0] ?? ''))
      }
      await until('every query has data', async () => (await unexpected()).length === 0).catch(() => undefined)
      t.strictSame(await unexpected(), [])
      t.strictSame([...(await firing(prometheus))], [])
      t.strictSame(await prometheus.query('oddnode_finding_active'), [], 'nothing is found')
    },
  )

  await t.test('promtool finds nothing to say of what aggregator and agent export', async (t) => {
    for (const port of [ports.aggregator, ports.agent]) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      const checked = run('promtool', ['check', 'metrics'], text)
      t.strictSame({ status: checked.status, said: checked.stdout + checked.stderr }, { status: 0, said: '' })
    }
  })

  await t.test('odd: every query has data, and the alerts name node and fault', async (t) => {
    rounds.see(someOdd)
    await startOutcast(t, ports)
    const wrong = { ...roundOf(clusterPlan('host')), version: '' }
    const refused = setInterval(() => void push(ports.aggregator, 'node-9', 'host', 0, wrong), 500)
    t.teardown(() => clearInterval(refused))
    await until('every query has data', async () => (await empty(prometheus)).length === 0).catch(() => undefined)
    t.strictSame(await empty(prometheus), [])

    const expected = [
      'OddnodeFindingCritical',
      'OddnodeFindingWarning',
      'OddnodeAgentsMissing',
      'OddnodeAgentsRejected',
      'OddnodeRoundsDropped',
    ]
    await until('the alerts', async () => areAll(expected, await firing(prometheus))).catch(() => undefined)
    t.strictSame([...(await firing(prometheus))].sort(), expected.sort())
    const critical = (await prometheus.firing()).find(({ labels }) => labels['alertname'] === 'OddnodeFindingCritical')
    t.match(critical, {
      labels: { fault: 'pods-cannot-reach-node-local-dns', node: 'node-2', severity: 'critical' },
      annotations: {
        summary: /^pods-cannot-reach-node-local-dns on node-2: /,
        description:
          /^Pods of a node get no answer from the node-local DNS cache, their nameserver, while the host does\. /,
      },
    })
  })

  await t.test('the aggregator goes away: no finding ends by that, and that it is away is alerted', async (t) => {
    await aggregator.stop()
    await until('it is missed', async () => (await firing(prometheus)).has('OddnodeAggregatorDown'))
    const alerts = await firing(prometheus)
    t.ok(alerts.has('OddnodeFindingCritical'))
    t.ok(alerts.has('OddnodeFindingWarning'))
    const now = (await empty(prometheus)).map((query) => query.split(': ')[0])
    for (const title of ['Open findings', 'Nodes that are not well', 'Agents reporting'])
      t.ok(now.includes(title), `${title}: no data, not 0`)
  })

  await t.test('an aggregator that nobody pushes to, and that cannot write: both are alerted', async (t) => {
    await rounds.stop()
    await agent.stop()
    await startAggregator(t, ports.aggregator, '/proc/oddnode.db')
    const expected = ['OddnodeStoreFailing', 'OddnodeNoAgents']
    await until('both', async () => areAll(expected, await firing(prometheus)))
    t.pass()
  })
})
