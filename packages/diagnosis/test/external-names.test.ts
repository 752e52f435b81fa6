import t from 'tap'
import { clusterNamesOk, externalCells, failingExternal, hostedEndpoints } from '../src/external-names.ts'
import { sightOf } from '../src/sight.ts'
import { faultWorld, type Sees } from './faults/fault-world.ts'
import { present } from './world.ts'

function seen(sees: Sees, node = 'node-1') {
  const { world, run } = faultWorld()
  run(5, sees)
  return sightOf(world.fleet, present(world.fleet.nodes.get(node)), world.at)
}
const outside: Sees = (_, { question }) => (question === 'external' ? 'SERVFAIL' : null)
const names = (cells: ReturnType<typeof failingExternal>) =>
  cells.map(({ node, vantage, target }) => `${vantage}/${node} ${target.role} ${target.address}`)

t.test('the CoreDNS pods of a node', async (t) => {
  const { fleet } = seen(() => null)
  t.same([...hostedEndpoints(fleet, 'node-1')], ['10.244.1.2'])
  t.same([...hostedEndpoints(fleet, 'node-2')], [])
})

t.test('what a node asks one server', async (t) => {
  t.same(
    names(
      externalCells(
        seen(() => null),
        { role: 'endpoint', address: '10.244.3.2' },
      ),
    ),
    ['host/node-1 endpoint 10.244.3.2', 'pod/node-1 endpoint 10.244.3.2'],
  )
})

t.test('what fails with the upstreams of a node: all that it asks, and what others ask its CoreDNS pods', async (t) => {
  const cells = names(failingExternal(seen(outside)))
  t.ok(cells.includes('host/node-1 upstream 192.0.2.53'))
  t.ok(cells.includes('pod/node-2 endpoint 10.244.1.2'))
  t.ok(cells.includes('pod/node-2 cluster-dns 10.96.0.10'))
  t.notOk(cells.includes('pod/node-2 endpoint 10.244.3.2'))
  t.notOk(cells.includes('host/node-2 upstream 192.0.2.53'))
  const without = names(failingExternal(seen(outside, 'node-2')))
  t.ok(without.every((cell) => cell.includes('/node-2 ')))
  t.same(names(failingExternal(seen(() => null))), [])
})

t.test('names of the cluster are answered by somebody', async (t) => {
  const sight = seen((_, { role }) => (role === 'node-local' ? 'timeout' : null))
  t.equal(clusterNamesOk(sight, sight.at - 60), 'yes')
  t.equal(clusterNamesOk(sight, sight.at), 'wait')
  const dead = seen(() => 'timeout')
  t.equal(clusterNamesOk(dead, dead.at - 60), 'no')
  const ofPods = seen((_, { vantage }) => (vantage === 'host' ? 'denied' : null))
  t.equal(clusterNamesOk(ofPods, ofPods.at - 60), 'no', 'what pods are answered says nothing of the host')
})
