import t from 'tap'
import { applyCluster } from '../src/apply.ts'
import { isOwn, ownAddresses } from '../src/itself.ts'
import { updateLedger } from '../src/ledger.ts'
import { clusterNode, clusterOf, createWorld, good, rounds } from './world.ts'

t.test('what is asked, and what the API knows', async (t) => {
  const world = createWorld(['a'])
  applyCluster(
    world.fleet,
    world.at,
    clusterOf([clusterNode('a')], {
      upstreamServiceAddresses: ['10.96.0.11'],
      nodeLocalOwns: ['10.96.0.10'],
      nodeLocalAddresses: [],
    }),
  )
  rounds(world, 3, () => good())
  updateLedger(world.fleet.ledger, world.fleet.agents)
  const own = ownAddresses(world.fleet)
  t.same([...own.nodeLocal].sort(), ['10.96.0.10', '169.254.20.10'])
  t.same([...own.clusterDns].sort(), ['10.96.0.10', '10.96.0.11'])
  for (const address of ['10.96.0.10', '10.96.0.11', '169.254.20.10', '127.0.0.53', '::1'])
    t.ok(isOwn(own, address), address)
  t.notOk(isOwn(own, '192.0.2.53'))
})

t.test('outside of Kubernetes: what is asked alone', async (t) => {
  const world = createWorld(['a'])
  rounds(world, 3, () => good())
  updateLedger(world.fleet.ledger, world.fleet.agents)
  const own = ownAddresses(world.fleet)
  t.same([...own.nodeLocal], ['169.254.20.10'])
  t.same([...own.clusterDns], ['10.96.0.10'])
})
