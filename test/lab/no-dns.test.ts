// Every DNS server is gone: what judges DNS must go on without it, and say so.
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { bootCluster } from './cluster/cluster.ts'
import { outside } from './cluster/layout.ts'
import { AGGREGATOR_PORT } from './cluster/programs.ts'
import { intervalSeconds, withinSeconds } from './cluster/quick.ts'
import { openFindings } from './open-findings.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

/** The name comes first, and would have to be looked up. */
const addresses = [`http://oddnode-aggregator.oddnode.svc:8530`, `http://${outside.aggregator}:${AGGREGATOR_PORT}`]

const dnsFails = ({ nodes }: Report) =>
  nodes.every(({ agents }) =>
    agents.every(({ probes }) =>
      probes
        .filter(({ question, variant }) => question === 'kubernetes' && variant === null)
        .every(({ state }) => state === 'failing'),
    ),
  )

t.test('no DNS at all', { skip: whyNoLab() ?? false, timeout: 280_000 }, async (t) => {
  const lab = await bootCluster({ agentSettings: [`--aggregator=${addresses}`] })
  t.teardown(() => lab.close())
  await untilWell(lab)
  const servers = [
    'upstream',
    ...lab.layout.endpoints.map(({ member }) => member),
    ...lab.layout.nodes.map(({ name }) => `node-local ${name}`),
  ]

  await t.test('server found by DNS: with all DNS down, pushes still arrive by address', async (t) => {
    await Promise.all(servers.map(lab.processes.stop))
    const after = Date.now() + 4000 * intervalSeconds
    const { report } = await until(lab, 'pushes from after the stop', withinSeconds.open, ({ nodes }) =>
      nodes.every(({ agents }) => agents.every(({ lastSeen }) => Date.parse(lastSeen ?? '') > after)),
    )
    t.match(report.verdict.agents, { expected: 6, reporting: 6 })
  })

  await t.test('and /report says exactly that: one finding about the cluster, and no node is odd', async (t) => {
    const { report } = await until(
      lab,
      'every probe of DNS fails, and it is told',
      withinSeconds.open,
      (report) => dnsFails(report) && openFindings(report).length > 0,
    )
    t.equal(report.verdict.state, 'failing')
    t.ok(openFindings(report).some(({ scope }) => scope.kind === 'cluster' || scope.kind === 'endpoint'))
  })

  await t.test('the servers are back: all is well again', async () => {
    servers.forEach(lab.processes.start)
    await until(lab, 'no open finding', 2 * withinSeconds.close, (report) => openFindings(report).length === 0)
  })
})
