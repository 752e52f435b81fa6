// The incident of Cilium as it happened: its eBPF host routing sends what pods send to the node-local cache out of the network card. It is told
// with its cause, and what remedies it is seen to end it.
import t from 'tap'
import { kubectl } from './commands.ts'
import { heal, makeFault, whyNoFaults } from './faults-command.ts'
import { victimAndOther } from './nodes.ts'
import { installed, isQuiet, openFindings, uninstall, until } from './release.ts'

const FAULT = 'pods-cannot-reach-node-local-dns'
const HARD_SECONDS = 45
/** Of which Cilium takes most: it compiles the programs of each pod anew, on a machine that runs all nodes. */
const ENDS_WITHIN_SECONDS = 240

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const isCilium = (await kubectl('api-resources', '--api-group=cilium.io', '--output=name')) !== ''
const skip = isCilium ? whyNoFaults() : 'this cluster has no Cilium'

t.test('Cilium', { skip, timeout: HOUR_MILLISECONDS }, async (t) => {
  const { victim, other } = await victimAndOther()
  await installed(t, '--set', `aggregator.nodeSelector.kubernetes\\.io/hostname=${other}`)
  t.teardown(() => heal(victim))
  await makeFault(victim, 'pods-lose-node-local')
  const found = await until(FAULT, HARD_SECONDS, (seen) => openFindings(seen).some(({ fault }) => fault === FAULT))
  t.comment(`named after ${found.seconds.toFixed(0)} s: ${found.report.verdict.sentence}`)
  const [finding, ...besides] = openFindings(found.report)
  t.match(finding, {
    fault: FAULT,
    scope: { kind: 'node', nodes: [victim] },
    story: /pods cannot reach node-local DNS \S+ over UDP and TCP; the host can, and the ClusterIP \S+ answers/,
    remedy: /hostLegacyRouting/,
  })
  t.match(finding?.confirm.join('\n'), /Host Routing/)
  t.strictSame(besides, [], 'and nothing besides')

  await makeFault(victim, 'host-legacy-routing')
  const ended = await until('the remedy ends it', ENDS_WITHIN_SECONDS, isQuiet)
  t.comment(`gone ${ended.seconds.toFixed(0)} s after the remedy`)
  await heal(victim)
  await until('it is quiet without it, too', ENDS_WITHIN_SECONDS, isQuiet)
  await uninstall()
})
