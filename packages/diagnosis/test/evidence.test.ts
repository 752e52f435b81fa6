import t from 'tap'
import { areRecovered, evidenceRows, isRecovered } from '../src/evidence.ts'
import { cellOf } from '../src/matrix.ts'
import { createWorld, good, present, rounds, servfail } from './world.ts'

const world = createWorld(['a', 'b'])
rounds(world, 5, (node) => (node === 'a' ? servfail : good()))
const cell = cellOf(present(world.fleet.agents.get('pod/a')), 0)
const healthy = cellOf(present(world.fleet.agents.get('pod/b')), 0)
const [row] = evidenceRows([{ cell, healthy }])

t.test('a row beside a healthy one', async (t) => {
  t.match(row, {
    node: 'a',
    vantage: 'pod',
    target: { role: 'node-local', address: '169.254.20.10' },
    transport: 'udp',
    question: 'kubernetes',
    state: 'failing',
    outcome: 'answered',
    rcode: 'SERVFAIL',
    answered: 5,
    asked: 5,
    healthy: { node: 'b', rcode: 'NOERROR', answered: 5, asked: 5, medianSeconds: 0.0004 },
  })
  t.equal(evidenceRows([{ cell, healthy: null }])[0]?.healthy, null)
})

t.test('recovered after three good ones, or when there is nothing left to ask', async (t) => {
  const { fleet } = world
  t.notOk(areRecovered(fleet, [present(row)]))
  rounds(world, 2, () => good())
  t.notOk(isRecovered(fleet, present(row)))
  rounds(world, 1, () => good())
  t.ok(isRecovered(fleet, present(row)))
  t.ok(areRecovered(fleet, []))
  t.ok(isRecovered(fleet, { ...present(row), node: 'gone' }))
  t.ok(isRecovered(fleet, { ...present(row), target: { role: 'endpoint', address: '10.244.9.9' } }))
  fleet.agents.delete('pod/a')
  t.notOk(isRecovered(fleet, present(row)), 'no fresh data is not well')
})
