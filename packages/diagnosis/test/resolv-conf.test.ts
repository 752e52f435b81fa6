import t from 'tap'
import { domainOf, nodesWhose, resolvConfOf } from '../src/resolv-conf.ts'
import { faultWorld, resolvConf } from './faults/fault-world.ts'

t.test('a file that could not be read tells nothing', async (t) => {
  const file = resolvConf(['192.0.2.53'])
  t.equal(resolvConfOf({ facts: { resolvConf: file } }), file)
  t.equal(resolvConfOf({ facts: { resolvConf: { ...file, error: 'EACCES' } } }), null)
  t.equal(resolvConfOf({ facts: {} }), null)
  t.equal(resolvConfOf({ facts: null }), null)
})

t.test('the domain of the cluster', async (t) => {
  t.equal(domainOf({ search: ['ns.svc.k8s.example', 'svc.k8s.example', 'k8s.example', 'corp.example'] }), 'k8s.example')
  t.equal(domainOf({ search: ['corp.example'] }), null)
  t.equal(domainOf({ search: ['svc.corp.example'] }), null)
  t.equal(domainOf({ search: [] }), null)
})

t.test('nodes by their file', async (t) => {
  const { fleet } = faultWorld({ nodes: ['node-2', 'node-1'] }).world
  t.same(
    nodesWhose(fleet, 'pod', ({ nameservers }) => nameservers.includes('169.254.20.10')),
    ['node-1', 'node-2'],
  )
  t.same(
    nodesWhose(fleet, 'pod', (_, node) => node === 'node-2'),
    ['node-2'],
  )
  t.same(
    nodesWhose(fleet, 'host', ({ search }) => search.length > 0),
    [],
  )
  fleet.nodes.delete('node-1')
  t.same(
    nodesWhose(fleet, 'host', () => true),
    ['node-2'],
  )
})
