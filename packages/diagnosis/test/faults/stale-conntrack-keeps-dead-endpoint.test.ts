import type { Cluster, Facts } from '@oddnode/protocol'
import t from 'tap'
import { start } from '../world.ts'
import { faultsOf, namesOf } from './fault-names.ts'
import { faultCluster, faultWorld, named, nodeLocalFacts, type Sees, type Setting, worldOf } from './fault-world.ts'

const name = 'stale-conntrack-keeps-dead-endpoint'
/** The fault begins with the sixth round. */
const begin = start + 6 * 15
const kept =
  (...odd: string[]): Sees =>
  (node, { role, sourcePort }) =>
    odd.includes(node) && role === 'cluster-dns' && sourcePort === 'fixed' ? 'timeout' : null

function changedAt(endpointsChangedAt: number | null): Cluster {
  const cluster = faultCluster()
  return { ...cluster, dns: { ...cluster.dns, endpointsChangedAt } }
}
const withIpvs =
  (ipvs: boolean): NonNullable<Setting['facts']> =>
  (...who): Facts => ({
    ...nodeLocalFacts(...who),
    network: {
      defaultRouteIpv4: true,
      defaultRouteIpv6: null,
      globalIpv6: null,
      ipForward: null,
      bridgeNfCallIptables: null,
      ipNonlocalBind: null,
      ipvs,
    },
  })
const changed: Setting = { cluster: changedAt(begin - 20), facts: withIpvs(false) }

t.test('a kept source port still asks a CoreDNS pod that is gone', async (t) => {
  const [finding, ...others] = named(worldOf(kept('node-2'), changed))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'On node-2 programs that keep their UDP port still ask a CoreDNS pod that is gone; new sockets work.',
    confirm: [/oddnode check/, 'on node-2: conntrack -L -p udp --orig-dst 10.96.0.10 | grep UNREPLIED'],
  })
})

t.test('a later change of the endpoints takes nothing back; it ends', async (t) => {
  const world = faultWorld(changed)
  t.same(faultsOf(world.run(8, kept('node-1', 'node-2'))), [name])
  world.setCluster(changedAt(begin + 600))
  t.match(world.run(4, kept('node-1', 'node-2')), [
    { fault: name, confidence: 'certain', scope: { kind: 'group', nodes: ['node-1', 'node-2'] } },
  ])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where the endpoints did not change then', async (t) => {
  t.same(namesOf(kept('node-2'), { ...changed, cluster: changedAt(begin - 120) }), ['unexplained-difference'])
  t.match(named(worldOf(kept('node-2'), { ...changed, cluster: changedAt(null) })), [
    { fault: name, confidence: 'possible' },
  ])
})

t.test('not where fresh ports get no answer either', async (t) => {
  const sees: Sees = (node, { role, vantage, transport }) =>
    node === 'node-2' && role === 'cluster-dns' && vantage === 'pod' && transport === 'udp' ? 'timeout' : null
  t.notOk(namesOf(sees, changed).includes(name))
})

t.test('not where only a share is lost', async (t) => {
  const sees: Sees = (node, probe, round) => (round % 2 === 0 ? kept('node-2')(node, probe, round) : null)
  t.notOk(namesOf(sees, changed).includes(name))
})

t.test('not with IPVS, which lets go after five minutes', async (t) => {
  t.notOk(namesOf(kept('node-2'), { ...changed, facts: withIpvs(true) }).includes(name))
  t.match(named(worldOf(kept('node-2'), { cluster: changedAt(begin) })), [{ fault: name, confidence: 'possible' }])
})
