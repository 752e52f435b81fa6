// Clocks that are set while everything runs, the aggregator's too. Every process has its own clock, by libfaketime; the machine's is never set.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { skewedClock, whyNoFaketime } from '../../packages/probes/test/faketime.ts'
import { startFleet } from './fleet.ts'
import { createNetwork, whyNoNamespaces, whyNoProgram } from './namespaces.ts'
import { startUnbound } from './servers.ts'

const DNS = '10.77.0.53'
const nodes = ['node-1', 'node-2', 'node-3']

const missing =
  whyNoNamespaces() ?? whyNoProgram('unbound', 'unbound') ?? whyNoFaketime() ?? whyNoProgram('curl', 'curl')

const open = ({ findings }: Report) => findings.filter(({ ended }) => ended === null)
const nodeOf = ({ nodes }: Report, wanted: string) => nodes.find(({ name }) => name === wanted)
const probesOf = ({ nodes }: Report) => nodes.flatMap(({ agents }) => agents.flatMap(({ probes }) => probes))

/** A clock of its own for a process, which reads what it is off from a file at each look. Durations stay true. */
function settableClock(folder: string, name: string) {
  const file = join(folder, name)
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`)
  set(0)
  const environment = skewedClock({ file })
  return { set, environment }
}

t.test('clocks that are set while everything runs', { skip: missing ?? false, timeout: 240_000 }, async (t) => {
  const folder = t.testdir({ 'resolv.conf': `nameserver ${DNS}\n` })
  const aggregator = settableClock(folder, 'aggregator')
  const odd = settableClock(folder, 'node-3')
  const network = createNetwork({ hub2: 1, dns: 53, 'node-1': 11, 'node-2': 12, 'node-3': 13 })
  t.teardown(() => network.close())
  startUnbound(network, 'dns', DNS)
  const fleet = await startFleet(network, 'hub2', '10.77.0.1', aggregator.environment)
  const options = [
    '--names.clusterDomain=cluster.local',
    '--names.namespace=oddnode',
    `--targets.clusterDns=${DNS}`,
    `--paths.etc=${folder}`,
  ]
  for (const node of nodes) fleet.startAgent(node, options, node === 'node-3' ? odd.environment : {})
  const allWell = () =>
    fleet.until(
      'three nodes are well and have a clock',
      (report) =>
        report.verdict.nodes.reporting === 3 &&
        open(report).length === 0 &&
        report.nodes.every(({ state, clock }) => state === 'ok' && clock.offsetSeconds !== null),
    )
  await allWell()
  const toldClock = () =>
    fleet.until('a wrong clock is told', (report) => open(report).some(({ fault }) => fault === 'node-clock-wrong'))

  await t.test('trap 13: an agent is stepped by −94 s: windows, order and freshness stay right', async (t) => {
    const before = Date.now()
    odd.set(-94)
    await toldClock()
    const report = await fleet.until('five rounds more', ({ nodes }) =>
      nodes.every(({ agents }) => agents.every(({ lastSeen }) => Date.parse(lastSeen ?? '') > before + 6000)),
    )
    t.match(open(report), [
      { fault: 'node-clock-wrong', severity: 'critical', scope: { kind: 'node', nodes: ['node-3'] } },
    ])
    t.match(open(report)[0]?.story, /^node-3's clock is 94 s behind the other nodes/)
    const probes = nodeOf(report, 'node-3')?.agents[0]?.probes.filter(({ question }) => question !== 'identity') ?? []
    t.ok(probes.length > 0)
    for (const { state, lastSampleAt, since, asked, medianSeconds } of probes) {
      t.equal(state, 'ok')
      t.equal(asked, 5)
      const age = Date.parse(report.at) - Date.parse(lastSampleAt ?? '')
      t.ok(age >= 0 && age < 4000, `${age} ms old`)
      t.ok(Date.parse(since ?? '') < before, 'no state changed')
      t.ok((medianSeconds ?? 1) < 0.4, 'trap 18: latency is unharmed')
    }
    t.match(report.verdict.agents, { expected: 3, reporting: 3 })
  })

  await t.test('trap 15: the sign: stepped to +94 s, the same node is ahead', async (t) => {
    odd.set(94)
    const report = await fleet.until('it is ahead', (report) => /ahead/.test(open(report)[0]?.story ?? ''))
    t.match(open(report), [{ fault: 'node-clock-wrong', scope: { nodes: ['node-3'] } }])
    t.match(open(report)[0]?.story, /^node-3's clock is 94 s ahead of the other nodes/)
    t.ok(Math.abs((nodeOf(report, 'node-3')?.clock.offsetSeconds ?? 0) - 94) < 0.5)
    odd.set(0)
    await allWell()
  })

  await t.test('trap 17: the aggregator is stepped by +94 s: nobody is accused, of clock or of silence', async (t) => {
    aggregator.set(94)
    const seen = await fleet.until('every node reads 94 s behind it', (report) => {
      t.strictSame(open(report), [])
      return report.nodes.every(({ clock }) => Math.abs((clock.offsetSeconds ?? 0) + 94) < 0.5)
    })
    const report = await fleet.until('eight seconds more', ({ at }) => Date.parse(at) > Date.parse(seen.at) + 8000)
    t.strictSame(open(report), [])
    t.match(report.verdict, { state: 'ok', agents: { expected: 3, reporting: 3 } })
    t.ok(probesOf(report).every(({ state }) => state !== 'failing'))
  })
})
