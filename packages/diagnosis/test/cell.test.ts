import t from 'tap'
import { cellKey, cellOf, targetKey } from '../src/cell.ts'
import { createWorld, good, present, rounds } from './world.ts'

const world = createWorld(['a', 'b'])
rounds(world, 1, () => good())
const agent = (key: string) => present(world.fleet.agents.get(key))

t.test('a cell knows who asks whom what', async (t) => {
  t.match(cellOf(agent('pod/a'), 3), {
    node: 'a',
    vantage: 'pod',
    probe: 3,
    planned: { transport: 'tcp', question: 'kubernetes' },
    target: { role: 'cluster-dns', address: '10.96.0.10' },
  })
  t.throws(() => cellOf(agent('pod/a'), 5), RangeError)
  t.throws(() => cellOf(agent('pod/a'), -1), RangeError)
})

t.test('keys tell cells and servers apart', async (t) => {
  const cells = ['host/a', 'pod/a', 'host/b'].flatMap((key) => [0, 1].map((probe) => cellOf(agent(key), probe)))
  t.equal(new Set(cells.map(cellKey)).size, 6)
  const server = { role: 'endpoint', address: '10.244.0.7', port: 53 } as const
  const servers = [server, { ...server, port: 5353 }, { ...server, role: 'upstream' } as const]
  t.equal(new Set(servers.map(targetKey)).size, 3)
  t.equal(targetKey({ ...server }), targetKey(server))
})
