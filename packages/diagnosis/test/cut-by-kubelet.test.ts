import type { ClusterEvent } from '@oddnode/protocol'
import t from 'tap'
import { nameserversCut, searchCut } from '../src/cut-by-kubelet.ts'
import { createFleet } from '../src/fleet.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { faultCluster } from './faults/fault-world.ts'
import { start } from './world.ts'

const event: ClusterEvent = {
  reason: 'DNSConfigForming',
  node: 'node-2',
  pod: 'oddnode/oddnode-agent-host-x',
  message: 'Nameserver limits were exceeded, some nameservers have been omitted',
  lastSeenAt: start,
}
const viewOf = (changes: Partial<ClusterEvent>, later = 0) => ({
  fleet: {
    ...createFleet(start, defaultThresholds),
    cluster: { ...faultCluster(), events: [{ ...event, ...changes }] },
  },
  at: start + later,
})

t.test('what kubelet cut, by node', async (t) => {
  const search = { message: 'Search Line limits were exceeded, some search paths have been omitted' }
  t.same([...nameserversCut(viewOf({})).keys()], ['node-2'])
  t.same([...searchCut(viewOf({})).keys()], [])
  t.same([...searchCut(viewOf(search)).keys()], ['node-2'])
  t.same([...nameserversCut(viewOf(search)).keys()], [])
})

t.test('what it does not say any more, of no node, or of something else, is nothing', async (t) => {
  t.equal(nameserversCut(viewOf({}, 900)).size, 1)
  t.equal(nameserversCut(viewOf({}, 901)).size, 0)
  t.equal(nameserversCut(viewOf({ node: null })).size, 0)
  t.equal(nameserversCut(viewOf({ reason: 'MissingClusterDNS' })).size, 0)
  t.equal(nameserversCut({ fleet: createFleet(start, defaultThresholds), at: start }).size, 0)
})
