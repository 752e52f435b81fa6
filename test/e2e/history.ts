// What a volume is for: a finding keeps its identity and its start over an upgrade, a rollback and a killed aggregator.
import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import { aggregatorImage, aggregatorReady, killAggregator } from './aggregator.ts'
import { kubectl, sleep } from './commands.ts'
import { nodeNames } from './nodes.ts'
import {
  createNamespace,
  install,
  isWell,
  NAMESPACE,
  openFindings,
  remove,
  report,
  rollback,
  uninstall,
  until,
  upgrade,
} from './release.ts'
import { createVolume, deleteVolume, STORAGE_CLASS } from './volume.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

/** No node has this label, so no pod agent runs any more. */
const NOWHERE = '{"spec":{"template":{"spec":{"nodeSelector":{"oddnode-e2e":"nowhere"}}}}}'

t.test('history', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const [node = ''] = await nodeNames()
  await createNamespace()
  t.teardown(remove)
  await install('--set', 'persistence.enabled=true', '--set', `persistence.storageClass=${STORAGE_CLASS}`)
  const image = await aggregatorImage()
  t.teardown(() => deleteVolume(node, image))
  await createVolume(node, image)
  await until('all are well', 180, isWell)
  const replaceAggregator = async (change: () => Promise<unknown>) => {
    await change()
    await aggregatorReady()
    await sleep(20)
  }

  await kubectl('-n', NAMESPACE, 'patch', 'daemonset/oddnode-agent-pod', '--patch', NOWHERE)
  const { report: silent } = await until('every pod agent is missed', 150, (seen) => openFindings(seen).length > 0)
  const before = identity(openFindings(silent))
  t.comment(silent.verdict.sentence)

  await t.test('an aggregator that is killed', async (t) => {
    await replaceAggregator(killAggregator)
    t.match(identity(openFindings(await report())), before)
  })
  await t.test('an upgrade', async (t) => {
    await replaceAggregator(() => upgrade('--set', 'aggregator.logLevel=debug'))
    t.match(identity((await report()).findings), before)
  })
  await t.test('a rollback', async (t) => {
    await replaceAggregator(rollback)
    t.match(identity((await report()).findings), before)
  })
  await uninstall()
})

/** Identity and start of each finding, by fault and nodes. */
function identity(findings: readonly Finding[]): Record<string, { id: string; since: string }> {
  return Object.fromEntries(findings.map(({ fault, scope, id, since }) => [`${fault} ${scope.nodes}`, { id, since }]))
}
