// Real faults in a real cluster: each is named right, alone, on the right node, in time, told as an event on the node, and gone in time after
// it is healed.
import type { Finding } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { sleep } from './commands.ts'
import { type FaultCase, faultCases } from './fault-cases.ts'
import { heal, makeFault, ntpServer, whyNoFaults } from './faults-command.ts'
import { isLong, LEFT } from './long.ts'
import { findingEvents } from './node-events.ts'
import { agentsReady, deleteAgents, victimAndOther } from './nodes.ts'
import { findingsWithin, installed, isQuiet, openFindings, report, uninstall, until } from './release.ts'

const ntp = ntpServer()

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

/** @returns a reason to leave a case out, or false: what tap's `skip` takes */
function whyNot({ needsNtp }: FaultCase): string | false {
  return needsNtp && ntp === '' ? 'ODDNODE_NTP names no NTP server' : false
}

t.test('faults', { skip: whyNoFaults(), timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim, other } = await victimAndOther()
  t.comment(`the fault is on ${victim}, where no CoreDNS runs; the aggregator is on ${other}`)
  const ntpValues = ntp === '' ? [] : ['--set', `targets.ntp={${ntp}}`]
  await installed(
    t,
    '--set',
    `aggregator.nodeSelector.kubernetes\\.io/hostname=${other}`,
    '--set',
    'events.enabled=true',
    ...ntpValues,
  )
  t.teardown(() => heal(victim))
  for (const one of faultCases) {
    const name = one.make.join(' ')
    if (!one.isLong || isLong) await t.test(name, { skip: whyNot(one) }, (t) => isToldAndEnds(t, one, victim))
    else t.comment(`${LEFT}: ${name}`)
  }
  await uninstall()
})

async function isToldAndEnds(t: Test, one: FaultCase, victim: string): Promise<void> {
  const isIt = (finding: Finding) => finding.fault === one.fault && finding.scope.nodes.includes(victim)
  const eventsBefore = await findingEvents(victim)
  await makeFault(victim, ...one.make)
  if (one.restartAgents) await deleteAgents(victim)
  if (one.beginsWithAgents) await newAgentsReady(victim)
  try {
    const found = await until(one.fault, one.withinSeconds, (report) => openFindings(report).some(isIt))
    t.comment(`named after ${found.seconds.toFixed(0)} s: ${found.report.verdict.sentence}`)
    const open = openFindings(found.report)
    const finding = open.find(isIt)
    t.match(finding?.story, one.story)
    const besides = (seen: readonly Finding[]) => seen.filter((one) => !isIt(one)).map(({ story }) => story)
    t.strictSame(besides(open), [], 'and nothing besides')
    t.strictSame(finding?.scope.nodes, [victim])
    if (one.watchSeconds !== undefined) {
      t.strictSame(besides(await findingsWithin(one.watchSeconds)), [], `nor in the ${one.watchSeconds} s after`)
      t.ok(openFindings(await report()).some(isIt), 'and it is open still')
    }
  } finally {
    await heal(victim)
    if (one.restartAgents) await deleteAgents(victim)
  }
  const ended = await until('its end', one.endsWithinSeconds, (report) => openFindings(report).length === 0)
  t.comment(`gone ${ended.seconds.toFixed(0)} s after it was healed`)
  await until('every agent reports again', 120, isQuiet)
  const events = await findingEvents(victim)
  t.ok(events.opened > eventsBefore.opened && events.ended > eventsBefore.ended, 'events on the node tell of both')
}

/** Of the pods that are made in place of deleted ones. */
async function newAgentsReady(node: string): Promise<void> {
  await sleep(1)
  await agentsReady(node, 60)
}
