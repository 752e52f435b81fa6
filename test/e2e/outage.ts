// An aggregator that is away for two minutes in the middle of a fault: the finding goes on as the same one, and of what agents saw meanwhile
// only that is lost which their buffers could not hold, and it is counted.
import type { Finding, Report } from '@oddnode/protocol'
import t from 'tap'
import { aggregatorImage, startAggregator, stopAggregator } from './aggregator.ts'
import { buffers } from './buffers.ts'
import { kubectl, now, sleep } from './commands.ts'
import { heal, makeFault, whyNoFaults } from './faults-command.ts'
import { victimAndOther } from './nodes.ts'
import {
  createNamespace,
  install,
  isWell,
  NAMESPACE,
  openFindings,
  remove,
  report,
  uninstall,
  until,
  upgrade,
} from './release.ts'
import { createVolume, deleteVolume, STORAGE_CLASS } from './volume.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const FAULT = 'pods-cannot-reach-node-local-dns'
const AWAY_SECONDS = 120
/** Agents try again in 30 s at most. */
const ARRIVED_WITHIN_SECONDS = 60
/** A minute of rounds. */
const SMALL_BUFFER = 4

t.test('an outage of the aggregator', { skip: whyNoFaults(), timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim, other } = await victimAndOther()
  await createNamespace()
  t.teardown(remove)
  await install('--set', 'persistence.enabled=true', '--set', `persistence.storageClass=${STORAGE_CLASS}`)
  const image = await aggregatorImage()
  t.teardown(() => deleteVolume(other, image))
  await createVolume(other, image)
  await until('all are well', 180, isWell)
  t.teardown(() => heal(victim))
  await makeFault(victim, 'pods-lose-node-local')
  const before = findingOf((await until(FAULT, 60, (seen) => findingOf(seen) !== undefined)).report)

  await t.test('buffers hold two minutes', async (t) => {
    await goAway()
    t.comment(`what waited has arrived ${(await seconds(allArrived)).toFixed(0)} s after it is back`)
    const after = await until('all report', 60, isComplete)
    t.match(findingOf(after.report), { id: before?.id, since: before?.since, ended: null, reopened: 0 })
    t.strictSame(
      openFindings(after.report).map(({ fault }) => fault),
      [FAULT],
      'and nothing besides',
    )
    for (const { pod, ...rounds } of await buffers()) t.strictSame(rounds, { waiting: 0, dropped: 0, rejected: 0 }, pod)
  })

  await t.test('buffers that are too small', async (t) => {
    await upgrade('--set', `agent.extraArgs={--bufferRounds=${SMALL_BUFFER}}`)
    await kubectl('-n', NAMESPACE, 'rollout', 'status', 'daemonset', '--timeout=120s')
    await until('all report', 120, isComplete)
    await goAway()
    await allArrived()
    const seen = await report()
    t.match(findingOf(seen), { id: before?.id, since: before?.since, ended: null })
    const told = seen.nodes.flatMap(({ agents }) => agents.map(({ droppedRounds }) => droppedRounds))
    const counted = await buffers()
    t.ok(
      counted.every(({ dropped }) => dropped > 0),
      `dropped: ${counted.map(({ dropped }) => dropped)}`,
    )
    t.strictSame(
      told.toSorted(),
      counted.map(({ dropped }) => dropped).toSorted(),
      'the report tells what agents count',
    )
  })

  await heal(victim)
  await until('its end', 60, (seen) => findingOf(seen) === undefined)
  await uninstall()
})

async function goAway(): Promise<void> {
  await stopAggregator()
  await sleep(AWAY_SECONDS)
  await startAggregator()
}

/** What waited in the agents' buffers. */
async function allArrived(): Promise<void> {
  const began = now()
  while ((await buffers()).some(({ waiting }) => waiting > 0)) {
    if (now() - began > ARRIVED_WITHIN_SECONDS) throw new Error(`rounds still wait after ${ARRIVED_WITHIN_SECONDS} s`)
    await sleep(2)
  }
}

async function seconds(act: () => Promise<void>): Promise<number> {
  const began = now()
  await act()
  return now() - began
}

const findingOf = (seen: Report): Finding | undefined => openFindings(seen).find(({ fault }) => fault === FAULT)
const isComplete = ({ verdict: { agents } }: Report): boolean => agents.reporting === agents.expected
