import t from 'tap'
import { endpointsByPlace, hostedOn } from '../src/endpoints.ts'
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
