// What only a pod sees, what is told when nothing is seen from there, and what is told of the time in which nobody listened.
import { setTimeout as wait } from 'node:timers/promises'
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { bootCluster } from './cluster/cluster.ts'
import type { Lab } from './cluster/lab.ts'
import { CLUSTER_DNS, NODE_LOCAL } from './cluster/layout.ts'
import { intervalSeconds, withinSeconds } from './cluster/quick.ts'
import { openFindings } from './open-findings.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

const seconds = withinSeconds.open

function probeOf({ nodes }: Report, node: string, vantage: string, address: string, transport: string) {
  const agent = nodes.find(({ name }) => name === node)?.agents.find((one) => one.vantage === vantage)
  return agent?.probes.find(
    (probe) =>
      probe.target.address === address &&
      probe.transport === transport &&
      probe.question === 'kubernetes' &&
      probe.variant === null,
  )
}

const loseNodeLocal = (lab: Lab) =>
  lab.rule('node-3', 'early', `ip saddr ${lab.node(3).pods} ip daddr ${NODE_LOCAL} drop`)

/** Whatever was broken, it is not any more: nothing is told, and nothing fails that could yet be told. */
async function heal(lab: Lab): Promise<void> {
  await lab.clearRules('node-3')
  await until(
    lab,
    'all is well',
    withinSeconds.close,
    (report) => openFindings(report).length === 0 && report.verdict.probes.failing === 0,
  )
}

t.test('what only the pods of a node see', { skip: whyNoLab() ?? false, timeout: 280_000 }, async (t) => {
  const lab = await bootCluster()
  t.teardown(() => lab.close())
  await untilWell(lab)

  await t.test(
    'trap 2: host health proves nothing for pods: node-local DNS is well on the host, dead to pods',
    async (t) => {
      await loseNodeLocal(lab)
      const { report } = await until(lab, 'a finding', seconds, (report) => openFindings(report).length > 0)
      t.match(openFindings(report), [{ fault: 'pods-cannot-reach-node-local-dns', scope: { nodes: ['node-3'] } }])
      for (const transport of ['udp', 'tcp']) {
        t.match(probeOf(report, 'node-3', 'host', NODE_LOCAL, transport), { state: 'ok' })
        t.match(probeOf(report, 'node-3', 'pod', CLUSTER_DNS, transport), { state: 'ok' })
      }
      t.match(probeOf(report, 'node-3', 'pod', NODE_LOCAL, 'udp'), { state: 'failing', outcome: 'timeout' })
      await heal(lab)
    },
  )

  await t.test(
    'trap 5: denied is not timeout: a node that drops port 53 denies its host, and times out its pods',
    async (t) => {
      const port53 = `ip daddr ${lab.endpoint(1).address} meta l4proto { tcp, udp } th dport 53 drop`
      await lab.rule('node-3', 'out', port53)
      await lab.rule('node-3', 'forward', port53)
      const cells = [
        { vantage: 'host', transport: 'udp', outcome: 'denied' },
        { vantage: 'host', transport: 'tcp', outcome: 'timeout' },
        { vantage: 'pod', transport: 'udp', outcome: 'timeout' },
        { vantage: 'pod', transport: 'tcp', outcome: 'timeout' },
      ]
      const cellOf = (report: Report, { vantage, transport }: { vantage: string; transport: string }) =>
        probeOf(report, 'node-3', vantage, lab.endpoint(1).address, transport)
      const { report } = await until(lab, 'both vantages fail, over both transports', seconds, (report) =>
        cells.every((cell) => cellOf(report, cell)?.answered === 0),
      )
      for (const cell of cells) t.match(cellOf(report, cell), { state: 'failing', outcome: cell.outcome })
      await heal(lab)
    },
  )

  await t.test('trap 14: absence counts: the pod agent is killed, and A-02 names the vantage', async (t) => {
    await lab.processes.kill('pod agent node-3')
    const cellsOf = ({ nodes }: Report) =>
      nodes.find(({ name }) => name === 'node-3')?.agents.find(({ vantage }) => vantage === 'pod')?.probes ?? []
    const { report } = await until(
      lab,
      'it is told, and its cells are no-data',
      2 * seconds,
      (report) =>
        openFindings(report).length > 0 &&
        cellsOf(report)
          .filter(({ question }) => question === 'kubernetes')
          .every(({ state }) => state === 'no-data'),
    )
    t.match(openFindings(report), [
      { fault: 'vantage-silent', severity: 'critical', scope: { kind: 'node', nodes: ['node-3'] } },
    ])
    t.match(report.verdict.agents, { expected: 6, reporting: 5 })
    lab.processes.start('pod agent node-3')
    await heal(lab)
  })

  await t.test('trap 24: what broke while nobody listened is told with its true start', async (t) => {
    await lab.processes.kill('aggregator')
    await wait(3000 * intervalSeconds)
    const brokenAt = Date.now()
    await loseNodeLocal(lab)
    await wait(6000 * intervalSeconds)
    const startedAgainAt = Date.now()
    lab.processes.start('aggregator')
    const told = ({ findings }: Report) =>
      findings.find(
        ({ fault, since }) => fault === 'pods-cannot-reach-node-local-dns' && Date.parse(since) >= brokenAt - 500,
      )
    const { report } = await until(lab, 'the fault is told', seconds, (report) => told(report) !== undefined)
    const since = Date.parse(told(report)?.since ?? '')
    t.ok(since < brokenAt + 3000 * intervalSeconds && since < startedAgainAt, `${since - brokenAt} ms after it broke`)
    for (const { agents } of report.nodes)
      for (const { droppedRounds } of agents) t.equal(droppedRounds, 0, 'every round that waited has arrived')
  })
})
