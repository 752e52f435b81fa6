// What happens to a cluster every day, and is nobody's fault: roll-outs of its DNS and of oddnode itself, a node that is drained, one that
// leaves and one that joins. Nothing is found.
import t, { type Test } from 'tap'
import { aggregatorReady } from './aggregator.ts'
import { kubectl, sleep } from './commands.ts'
import { coreDnsPods, restartCaches, restartCoreDns, whyNoCache, whyNoCoreDns } from './dns-servers.ts'
import { heal, makeFault, whyNoFaults } from './faults-command.ts'
import { nodeNames } from './nodes.ts'
import { findingsDuring, installed, isQuiet, NAMESPACE, report, uninstall, until } from './release.ts'

/** Findings open within 45 s of what they are about. */
const AFTERWARDS_SECONDS = 45

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

t.test('no noise', { timeout: HOUR_MILLISECONDS }, async (t) => {
  await installed(t)
  const [noCoreDns, noCache] = await Promise.all([whyNoCoreDns(), whyNoCache()])
  await t.test('a roll-out of CoreDNS', { skip: noCoreDns }, (t) => quietly(t, restartCoreDns))
  await t.test('a roll-out of the node-local cache', { skip: noCache }, (t) => quietly(t, restartCaches))
  await t.test('a node of CoreDNS is drained', { skip: noCoreDns }, (t) => quietly(t, drainAndReturn))
  await t.test('a roll-out of the aggregator', (t) => quietly(t, restartAggregator))
  await t.test('a roll-out of the agents', (t) => quietly(t, restartAgents))
  await t.test('a node leaves, and comes back as a new one', { skip: whyNoFaults() }, leaveAndReturn)
  await uninstall()
})

/** Something is done, and nothing is found while it is done, nor for a while afterwards; in the end all is well. */
async function quietly(t: Test, act: () => Promise<void>): Promise<void> {
  const found = await findingsDuring(async () => {
    await act()
    await sleep(AFTERWARDS_SECONDS)
  })
  t.strictSame(
    found.map(({ story }) => story),
    [],
  )
  await until('all report, and nothing is found', 120, isQuiet)
}

async function restartAggregator(): Promise<void> {
  await kubectl('-n', NAMESPACE, 'rollout', 'restart', 'deployment/oddnode-aggregator')
  await aggregatorReady()
}

async function restartAgents(): Promise<void> {
  await kubectl('-n', NAMESPACE, 'rollout', 'restart', 'daemonset')
  await kubectl('-n', NAMESPACE, 'rollout', 'status', 'daemonset', '--timeout=300s')
}

async function drainAndReturn(): Promise<void> {
  const node = (await coreDnsPods()).at(-1)?.node ?? ''
  await drain(node)
  await sleep(AFTERWARDS_SECONDS)
  await kubectl('uncordon', node)
}

const drain = (node: string): Promise<string> =>
  kubectl('drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=120s')

/** As an autoscaler does it: drained, deleted, switched off. */
async function leaveAndReturn(t: Test): Promise<void> {
  const node = (await nodeNames()).at(-1) ?? ''
  t.teardown(() => heal(node))
  const leaving = await findingsDuring(async () => {
    await drain(node)
    await kubectl('delete', 'node', node)
    await makeFault(node, 'dead')
    await sleep(2 * AFTERWARDS_SECONDS)
  })
  t.strictSame(
    leaving.map(({ story }) => story),
    [],
    'no finding about a node that was taken away',
  )
  const names = (await report()).nodes.map(({ name }) => name)
  t.notOk(names.includes(node), 'nor a row')

  const joining = await findingsDuring(async () => {
    await heal(node)
    await until('it reports', 180, (seen) => isQuiet(seen) && seen.nodes.some(({ name }) => name === node))
  })
  t.strictSame(
    joining.map(({ story }) => story),
    [],
    'no finding about a node that joins',
  )
}
