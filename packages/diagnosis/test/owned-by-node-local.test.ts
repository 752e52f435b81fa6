import t from 'tap'
import { ownedByNodeLocal } from '../src/owned-by-node-local.ts'
import { faultCluster, networkFacts, nodeLocalFacts, type Setting } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'

const ADDRESS = '10.96.0.10'
const owned = (setting: Setting) =>
  ownedByNodeLocal(
    sightAfter(() => null, setting),
    ADDRESS,
  )
const localOnNode1 =
  (ipvs: boolean): NonNullable<Setting['facts']> =>
  (node, vantage) => {
    const facts = nodeLocalFacts(node, vantage)
    if (node !== 'node-1') return facts
    const network = networkFacts(ipvs)
    return { ...facts, localAddresses: ['169.254.20.10', ADDRESS], network }
  }

t.test('by its arguments, or because it does on some node', async (t) => {
  const cluster = faultCluster()
  t.equal(owned({ cluster: { ...cluster, dns: { ...cluster.dns, nodeLocalOwns: [ADDRESS] } } }), 'yes')
  t.equal(owned({ facts: localOnNode1(false) }), 'yes')
})

t.test('not where nobody does, nor where IPVS owns every ClusterIP', async (t) => {
  t.equal(owned({}), 'no')
  t.equal(owned({ facts: localOnNode1(true) }), 'no')
})
