// The whole path with real processes, real servers and real packets: from a rule that drops packets to a sentence, over a kill of the
// aggregator, and back to well.
import t from 'tap'
import { bootCluster } from './cluster/cluster.ts'
import { CLUSTER_DNS, outside } from './cluster/layout.ts'
import { withinSeconds } from './cluster/quick.ts'
import { openFindings } from './open-findings.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

t.test('from a raw packet to a sentence', { skip: whyNoLab() ?? false, timeout: 280_000 }, async (t) => {
  const lab = await bootCluster()
  t.teardown(() => lab.close())
  const seconds = withinSeconds.open

  await t.test('well: every node reports, nothing is found, and the sentence says what was looked at', async (t) => {
    const { report } = await untilWell(lab)
    t.equal(report.schema, 'oddnode.report/1')
    t.equal(report.cluster, 'lab')
    t.strictSame(report.findings, [])
    t.match(report.verdict, { nodes: { expected: 3, reporting: 3, odd: 0 }, agents: { expected: 6, reporting: 6 } })
    const probes = report.nodes.flatMap(({ agents }) => agents.flatMap(({ probes }) => probes))
    const throughService = probes.filter(
      ({ target, question, transport, variant }) =>
        target.address === CLUSTER_DNS && question === 'kubernetes' && transport === 'udp' && variant === null,
    )
    t.equal(throughService.length, 6, 'from each of six agents')
    for (const probe of throughService) t.match(probe, { state: 'ok', rcode: 'NOERROR', outcome: 'answered' })
    for (const { clock } of report.nodes)
      t.ok(Math.abs(clock.offsetSeconds ?? 1) < 0.05, `one machine, one clock: ${clock.offsetSeconds}`)
  })

  await t.test(
    'one node loses its way to one server: named with node, path and numbers, and nobody else',
    async (t) => {
      await lab.rule('node-2', 'out', `ip daddr ${outside.upstream} meta l4proto { tcp, udp } th dport 53 drop`)
      const { report } = await until(lab, 'it is named', seconds, (report) =>
        openFindings(report).some(({ fault }) => fault === 'upstream-resolver-failing'),
      )
      const found = openFindings(report).filter(({ scope }) => scope.nodes.includes('node-2'))
      t.equal(found.length, openFindings(report).length, 'nobody else')
      t.match(found[0], {
        fault: 'upstream-resolver-failing',
        title: `The upstream resolver ${outside.upstream} does not answer`,
        story: `From node-2 the upstream resolver ${outside.upstream} does not answer: names outside the cluster fail, cluster names work.`,
        scope: { kind: 'node', nodes: ['node-2'], subject: { address: outside.upstream } },
      })
      const row = found.flatMap(({ evidence }) => evidence).find(({ target }) => target.address === outside.upstream)
      t.match(row, {
        node: 'node-2',
        vantage: 'host',
        target: { role: 'upstream', address: outside.upstream },
        transport: 'udp',
        state: 'failing',
        outcome: 'denied',
        answered: 0,
        healthy: { rcode: 'NOERROR' },
      })
      t.ok((row?.asked ?? 0) >= 3, 'at least three samples')
      t.match(report.verdict.sentence, /1 of 3 nodes/)
    },
  )

  await t.test('the finding survives a kill of the aggregator with its identity', async (t) => {
    const known = new Map(openFindings(await lab.report()).map(({ id, since }) => [id, since]))
    await lab.processes.kill('aggregator')
    lab.processes.start('aggregator')
    const { report } = await until(lab, 'it is there again', seconds, (report) => openFindings(report).length > 0)
    t.ok(openFindings(report).some(({ id, since }) => known.get(id) === since))
  })

  await t.test('healed: the finding ends', async () => {
    await lab.clearRules('node-2')
    await until(lab, 'no open finding', withinSeconds.close, (report) => openFindings(report).length === 0)
  })
})
