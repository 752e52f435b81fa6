// The NodeLocal addon's way: the cache on each node owns the ClusterIP too, so that what answers there says nothing of kube-proxy.
import t from 'tap'
import { bootCluster } from './cluster/cluster.ts'
import { CLUSTER_DNS, NODE_LOCAL } from './cluster/layout.ts'
import { withinSeconds } from './cluster/quick.ts'
import { NO_NFTABLES_RULES } from './cluster/service-rules.ts'
import { openFindings } from './open-findings.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

t.test('node-local DNS owns the ClusterIP', { skip: whyNoLab() ?? false, timeout: 280_000 }, async (t) => {
  const lab = await bootCluster({ ownsClusterDns: true })
  t.teardown(() => lab.close())
  await untilWell(lab)

  await t.test(
    'trap 1: who answered: with kube-proxy broken the ClusterIP answers still, and it is found',
    async (t) => {
      await lab.namespaces.run('node-3', ['nft', '-f', '-'], NO_NFTABLES_RULES)
      const { report } = await until(lab, 'a finding', withinSeconds.open, (report) => openFindings(report).length > 0)
      t.match(openFindings(report), [{ scope: { kind: 'node', nodes: ['node-3'] } }])
      const agents = report.nodes.find(({ name }) => name === 'node-3')?.agents ?? []
      const probes = agents.flatMap(({ probes }) => probes)
      for (const address of [NODE_LOCAL, CLUSTER_DNS]) {
        const overUdp = probes.filter(
          ({ target, question, transport }) =>
            target.address === address && question === 'missing' && transport === 'udp',
        )
        t.equal(overUdp.length, 2, `${address} from both vantages`)
        for (const { outcome } of overUdp) t.match(outcome, /answered|late/, `somebody answers at ${address}`)
      }
    },
  )
})
