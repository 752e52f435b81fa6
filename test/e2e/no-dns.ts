// Every DNS server of the cluster is stopped: pushes go on, for their way needs no name, and the report says exactly that.
import t from 'tap'
import { now, sleep } from './commands.ts'
import { replicasOfCoreDns, scaleCoreDns, takeCacheAway, whyNoCache, whyNoCoreDns } from './dns-servers.ts'
import { agentsReady, deleteAgents, nodeNames } from './nodes.ts'
import { installed, isQuiet, openFindings, report, uninstall, until } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const WITHIN_SECONDS = 60
const skip = (await whyNoCoreDns()) || (await whyNoCache())

t.test('no DNS at all', { skip, timeout: HOUR_MILLISECONDS }, async (t) => {
  const nodes = await nodeNames()
  await installed(t)
  const replicas = await replicasOfCoreDns()
  const bringCachesBack = await takeCacheAway(nodes)
  t.teardown(bringCachesBack)
  t.teardown(() => scaleCoreDns(replicas))
  await scaleCoreDns(0)

  const faults = ['cluster-dns-has-no-endpoints', 'node-local-dns-not-running']
  const told = await until('both are named', WITHIN_SECONDS, (seen) => {
    const open = openFindings(seen).map(({ fault }) => fault)
    return faults.every((fault) => open.includes(fault))
  })
  for (const { story } of openFindings(told.report)) t.comment(`after ${told.seconds.toFixed(0)} s: ${story}`)
  const failing = told.report.checks.filter(({ passed }) => passed === false)
  t.match(Object.fromEntries(failing.map(({ id, detail }) => [id, detail])), {
    'dns-pods-running': 'There is no pod labelled as cluster DNS.',
    'endpointslices-ready': '0 of 0 endpoints are ready.',
  })

  await t.test('pushes go on', async (t) => {
    const began = now()
    for (; now() - began < WITHIN_SECONDS; await sleep(5)) {
      const { verdict, nodes } = await report()
      t.equal(verdict.agents.reporting, verdict.agents.expected, verdict.sentence)
      t.strictSame(nodes.flatMap(({ agents }) => agents.map(({ droppedRounds }) => droppedRounds)).filter(Boolean), [])
    }
    t.strictSame(
      openFindings(await report())
        .map(({ fault }) => fault)
        .sort(),
      faults,
    )
  })

  await t.test('an agent that starts now reports, too', async () => {
    const [node = ''] = nodes
    await deleteAgents(node)
    await sleep(1)
    await agentsReady(node, 60)
    await until('all report', 60, ({ verdict }) => verdict.agents.reporting === verdict.agents.expected)
  })

  await scaleCoreDns(replicas)
  await bringCachesBack()
  const ended = await until('its end', 120, isQuiet)
  t.comment(`quiet ${ended.seconds.toFixed(0)} s after all were back`)
  await uninstall()
})
