// Real faults in a real cluster: each is named right, on the right node, in time, and gone in time after it is healed.
import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import { heal, makeFault, whyNoFaults } from './faults-command.ts'
import { deleteAgents, victimAndOther } from './nodes.ts'
import { createNamespace, install, isQuiet, isWell, openFindings, remove, uninstall, until } from './release.ts'

type Case = {
  /** As `$ODDNODE_FAULT NODE …` takes it. */
  make: string[]
  fault: string
  story: RegExp
  withinSeconds: number
  /** Agents must start anew to meet it. */
  restartAgents?: true
  /** Left to `npm run e2e -- --all`. */
  isLong?: true
}

const HARD = 45
/** For the node's clock: 64 s between two NTP samples, or the next push. */
const CLOCK = 90
/** Fifty queries tell a share: two rounds, after the one that saw the first loss. */
const LOSS = 90

const cases: Case[] = [
  {
    make: ['pods-lose-node-local'],
    fault: 'pods-cannot-reach-node-local-dns',
    story: /pods cannot reach node-local DNS \S+ over UDP and TCP; the host can, and the ClusterIP \S+ answers/,
    withinSeconds: HARD,
  },
  { make: ['kube-proxy-dead'], fault: 'service-rules-broken-on-node', story: /leads? nowhere/, withinSeconds: HARD },
  {
    make: ['clock', '-94s'],
    fault: 'node-clock-wrong',
    story: /clock is 94(\.\d)? s behind/,
    withinSeconds: CLOCK,
    restartAgents: true,
  },
  { make: ['udp-53-dropped'], fault: 'udp-53-blocked', story: /UDP/, withinSeconds: HARD, isLong: true },
  { make: ['tcp-53-dropped'], fault: 'tcp-53-blocked', story: /TCP/, withinSeconds: HARD, isLong: true },
  {
    make: ['upstream-lost'],
    fault: 'upstream-resolver-failing',
    story: /upstream/i,
    withinSeconds: HARD,
    isLong: true,
  },
  {
    make: ['dns-loss', '20'],
    fault: 'dns-packets-lost-on-node',
    story: /loses (1[3-9]|2\d) % of its UDP queries/,
    withinSeconds: LOSS,
    isLong: true,
  },
  // The last one: a node comes back with everything on it new.
  { make: ['dead'], fault: 'node-not-observed', story: /Nothing has been heard from/, withinSeconds: 75 },
]
const ENDS_WITHIN_SECONDS = 60
const isLong = process.env['ODDNODE_E2E'] === 'all'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

t.test('faults', { skip: whyNoFaults(), timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim, other } = await victimAndOther()
  t.comment(`the fault is on ${victim}, where no CoreDNS runs; the aggregator is on ${other}`)
  await createNamespace()
  t.teardown(remove)
  t.teardown(() => heal(victim))
  await install('--set', `aggregator.nodeSelector.kubernetes\\.io/hostname=${other}`)
  await until('all are well', 180, isWell)

  for (const { make, fault, story, withinSeconds, restartAgents } of cases.filter((one) => isLong || !one.isLong)) {
    await t.test(make.join(' '), async (t) => {
      await makeFault(victim, ...make)
      if (restartAgents) await deleteAgents(victim)
      try {
        const isIt = (finding: Finding) => finding.fault === fault && finding.scope.nodes.includes(victim)
        const found = await until(fault, withinSeconds, (report) => openFindings(report).some(isIt))
        t.comment(`named after ${found.seconds.toFixed(0)} s: ${found.report.verdict.sentence}`)
        const open = openFindings(found.report)
        t.match(open.find(isIt)?.story, story)
        t.strictSame(
          open.filter((finding) => !isIt(finding)).map(({ story }) => story),
          [],
          'and nothing besides',
        )
        t.strictSame(open.find(isIt)?.scope.nodes, [victim])
      } finally {
        await heal(victim)
        if (restartAgents) await deleteAgents(victim)
      }
      const ended = await until('its end', ENDS_WITHIN_SECONDS, (report) => openFindings(report).length === 0)
      t.comment(`gone ${ended.seconds.toFixed(0)} s after it was healed`)
      await until('every agent reports again', 120, isQuiet)
    })
  }
  await uninstall()
})

if (!isLong)
  for (const { make } of cases.filter((one) => one.isLong)) t.comment(`left to npm run e2e -- --all: ${make.join(' ')}`)
