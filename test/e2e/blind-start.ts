// Agents that start on a node whose pods have no DNS at all: they become ready, report, and name what is dead.
import t from 'tap'
import { now, sleep } from './commands.ts'
import { takeCacheAway, whyNoCache } from './dns-servers.ts'
import { agentsReady, deleteAgents, victimAndOther } from './nodes.ts'
import { installed, openFindings, uninstall, until } from './release.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

t.test('a blind start', { skip: await whyNoCache(), timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim, other } = await victimAndOther()
  await installed(t, '--set', `aggregator.nodeSelector.kubernetes\\.io/hostname=${other}`)
  const bringBack = await takeCacheAway([victim])
  t.teardown(bringBack)
  await deleteAgents(victim)
  await sleep(1)
  const began = now()
  await agentsReady(victim, 60)
  t.pass(`both agents of ${victim} are ready after ${(now() - began).toFixed(0)} s`)
  const { report } = await until('node-local-dns-not-running', 60, (seen) =>
    openFindings(seen).some(
      ({ fault, scope }) => fault === 'node-local-dns-not-running' && scope.nodes.includes(victim),
    ),
  )
  t.comment(`named after ${(now() - began).toFixed(0)} s: ${report.verdict.sentence}`)
  t.equal(report.verdict.agents.reporting, report.verdict.agents.expected, 'every agent reports')
  const besides = openFindings(report).filter(({ fault }) => fault !== 'node-local-dns-not-running')
  t.strictSame(
    besides.map(({ story }) => story),
    [],
    'and nothing besides',
  )

  await bringBack()
  const ended = await until('its end', 90, (seen) => openFindings(seen).length === 0)
  t.comment(`gone ${ended.seconds.toFixed(0)} s after the cache was back`)
  await uninstall()
})
