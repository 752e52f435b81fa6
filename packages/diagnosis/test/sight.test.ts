import t from 'tap'
import { type Cell, targetKey } from '../src/cell.ts'
import { allCells, cellsOf, factsOf, local, sightOf, targetsOf, type Which } from '../src/sight.ts'
import { faultWorld, networkFacts, nodeLocalFacts } from './faults/fault-world.ts'
import { present } from './world.ts'

const { world } = faultWorld()
const { fleet } = world
const node = present(fleet.nodes.get('node-1'))
const sight = sightOf(fleet, node, world.at)
const words = (cells: readonly Cell[]) =>
  cells.map(({ target, planned }) => `${target.address} ${planned.transport} ${planned.question}`).sort()
const seen = (which: Which) => words(cellsOf(sight, which))

t.test('a cell is the plain questions, as far as they are asked there', async (t) => {
  t.same(seen({ vantage: 'host', role: 'cluster-dns', transport: 'tcp' }), ['10.96.0.10 tcp kubernetes'])
  t.same(seen({ vantage: 'host', role: 'endpoint', address: '10.244.1.2', transport: 'udp' }), [
    '10.244.1.2 udp kubernetes',
    '10.244.1.2 udp version',
  ])
  t.equal(new Set(cellsOf(sight, { vantage: 'pod', role: 'endpoint' }).map(({ target }) => target.address)).size, 2)
  t.same(seen({ vantage: 'host', role: 'upstream', transport: 'udp' }), ['192.0.2.53 udp external'])
  t.same(seen({ vantage: 'pod', role: 'api-server' }), ['10.96.0.1 tcp connect'])
})

t.test('other questions, sizes and ports by name', async (t) => {
  t.same(seen({ vantage: 'pod', role: 'cluster-dns', question: 'pair' }), ['10.96.0.10 udp pair'])
  const fixed = cellsOf(sight, { vantage: 'pod', role: 'cluster-dns', sourcePort: 'fixed' })
  t.ok(fixed.length > 0 && fixed.every(({ planned }) => planned.sourcePort === 'fixed'))
  t.same(seen({ vantage: 'pod', role: 'cluster-dns', question: 'large', size: 4711 }), [])
  t.same(seen({ vantage: 'pod', role: 'cluster-dns', address: '192.0.2.9' }), [])
  const all = cellsOf(sight, { vantage: 'host', role: 'cluster-dns' })
  t.notOk(all.some(({ planned }) => planned.onlyAfterTruncation))
})

t.test('every probe of a vantage, or of one server', async (t) => {
  const plan = present(fleet.agents.get('host/node-1')).plan
  t.equal(allCells(sight, 'host').length, plan.probes.length)
  const own = allCells(sight, 'host', { role: 'node-local', address: '169.254.20.10' })
  t.ok(own.length > 0 && own.every(({ target }) => target.role === 'node-local'))
})

t.test('servers of a role, each once', async (t) => {
  t.same(targetsOf(sight, 'endpoint').map(targetKey), ['endpoint 10.244.1.2 53', 'endpoint 10.244.3.2 53'])
  t.same(targetsOf(sight, 'resolv-conf'), [])
})

t.test(
  'whether an address lives here; with IPVS that proves nothing of a ClusterIP, without a fact nobody knows',
  async (t) => {
    t.equal(local(sight, '169.254.20.10'), 'yes')
    t.equal(local(sight, '10.96.0.10'), 'no')
    const network = networkFacts(true)
    const localAddresses = ['169.254.20.10', '10.96.0.10']
    const ipvs = faultWorld({
      facts: (node, vantage) => ({ ...nodeLocalFacts(node, vantage), localAddresses, network }),
    })
    const withIpvs = sightOf(ipvs.world.fleet, node, ipvs.world.at)
    t.equal(local(withIpvs, '10.96.0.10'), 'no', 'kube-ipvs0 has every ClusterIP')
    t.equal(local(withIpvs, '169.254.20.10'), 'yes', 'and not the address of node-local DNS')
    const unknown = faultWorld({ facts: () => ({}) }).world
    t.equal(local(sightOf(unknown.fleet, node, unknown.at), '169.254.20.10'), 'no-data')
    t.same(factsOf(sight, 'host')?.localAddresses, ['169.254.20.10'])
  },
)

t.test('an agent that is silent or has stopped is none', async (t) => {
  const later = sightOf(fleet, node, world.at + 61)
  t.same(later.agents, { host: null, pod: null })
  t.same(allCells(later, 'host'), [])
  t.same(cellsOf(later, { vantage: 'host', role: 'cluster-dns' }), [])
  t.same(targetsOf(later, 'endpoint'), [])
  t.equal(factsOf(later, 'host'), null)
  t.equal(local(later, '169.254.20.10'), 'no-data')
  const stopping = faultWorld().world
  present(stopping.fleet.agents.get('pod/node-1')).stopped = true
  t.equal(sightOf(stopping.fleet, node, stopping.at).agents.pod, null)
  t.not(sightOf(stopping.fleet, node, stopping.at).agents.host, null)
})
