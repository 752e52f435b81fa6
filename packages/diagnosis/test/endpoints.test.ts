import t from 'tap'
import { endpointsByPlace, hasNoEndpoints, hostedOn, isInService } from '../src/endpoints.ts'
import { faultCluster } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'

t.test('CoreDNS pods by where they run', async (t) => {
  const places = (node: string) => {
    const { local, remote } = endpointsByPlace(sightAfter(() => null, { node }))
    return [local, remote].map((targets) => targets.map(({ address }) => address))
  }
  t.same(places('node-2'), [[], ['10.244.1.2', '10.244.3.2']])
  t.same(places('node-3'), [['10.244.3.2'], ['10.244.1.2']])
})

t.test('of pods of which nobody tells the place is unknown', async (t) => {
  const sight = sightAfter(() => null, { cluster: null })
  t.same(endpointsByPlace(sight), { local: [], remote: [] })
  t.same(hostedOn(sight.fleet, 'node-1'), [])
})

t.test('addresses on a node', async (t) => {
  const { fleet } = sightAfter(() => null)
  t.same(hostedOn(fleet, 'node-1'), ['10.244.1.2'])
  t.same(hostedOn(fleet, 'node-2'), [])
})

t.test('no CoreDNS pod is ready', async (t) => {
  const { dns, ...cluster } = faultCluster()
  const hasNone = (changes: Partial<typeof dns>) =>
    hasNoEndpoints({ cluster: { ...cluster, dns: { ...dns, ...changes } } })
  t.equal(hasNoEndpoints({ cluster: null }), 'no-data')
  t.equal(hasNone({}), 'no')
  t.equal(hasNone({ endpoints: null }), 'no-data')
  t.equal(hasNone({ service: null, endpoints: null }), 'yes')
  t.equal(hasNone({ endpoints: [] }), 'yes')
  const [one, ...others] = dns.endpoints ?? []
  if (!one) throw new Error('there is one')
  t.equal(hasNone({ endpoints: [{ ...one, ready: false }] }), 'yes')
  t.equal(hasNone({ endpoints: [{ ...one, terminating: true }] }), 'yes')
  t.equal(hasNone({ endpoints: [{ ...one, ready: false }, ...others] }), 'no')
})

t.test('what the API says is gone or not ready is out of service', async (t) => {
  const { fleet } = sightAfter(() => null)
  const isIn = (address: string) => isInService(fleet, { role: 'endpoint', address })
  t.ok(isIn('10.244.1.2'))
  t.notOk(isIn('10.244.9.9'))
  t.ok(isInService(fleet, { role: 'upstream', address: '192.0.2.53' }))
  const [one] = fleet.cluster?.dns.endpoints ?? []
  Object.assign(one ?? {}, { ready: false })
  t.notOk(isIn('10.244.1.2'))
  t.ok(isInService({ ...fleet, cluster: null }, { role: 'endpoint', address: '10.244.9.9' }), 'where nobody tells')
})
