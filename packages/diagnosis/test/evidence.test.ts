import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { areRecovered, evidenceRows, isRecovered, isRowExplained } from '../src/evidence.ts'
import { createWorld, good, planOf, present, rounds, servfail, timeout } from './world.ts'

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

t.test('a row is accounted for where each of its probes is', async (t) => {
  const { fleet } = world
  const isExplained = (wanted: number) => (_: unknown, probe: number) => probe === wanted
  t.ok(isRowExplained(fleet, present(row), isExplained(0)))
  t.notOk(isRowExplained(fleet, present(row), isExplained(1)))
  t.notOk(isRowExplained(fleet, { ...present(row), node: 'gone' }, () => true))
  t.notOk(
    isRowExplained(fleet, { ...present(row), question: 'soa' }, () => true),
    'nobody asks that',
  )
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

t.test('what answers without an RCODE is told without one', async (t) => {
  const connected = createWorld(['a', 'b'], planOf([{ role: 'api-server', address: '10.96.0.1', question: 'connect' }]))
  rounds(connected, 5, (node) => (node === 'a' ? timeout : observationOf('answered', { seconds: 0.0003 })))
  const probe = (node: string) => cellOf(present(connected.fleet.agents.get(`pod/${node}`)), 0)
  t.match(evidenceRows([{ cell: probe('a'), healthy: probe('b') }]), [
    { outcome: 'timeout', rcode: null, healthy: { rcode: null, answered: 5 } },
  ])
})

t.test('the same question that also asks who answers, once in a while, holds no end up', async (t) => {
  const plan = planOf([
    { role: 'endpoint', address: '10.244.0.7' },
    { role: 'endpoint', address: '10.244.0.7', everySeconds: 300 },
  ])
  const probes = plan.probes.map((one, i) => (i === 1 ? { ...one, edns: { udpPayloadSize: 1232, nsid: true } } : one))
  const rare = createWorld(['a'], { ...plan, probes })
  rounds(rare, 5, () => servfail)
  const [failing] = evidenceRows([{ cell: cellOf(present(rare.fleet.agents.get('pod/a')), 0), healthy: null }])
  rounds(rare, 3, (_, __, probe) => (probe === 0 ? good() : servfail))
  t.ok(isRecovered(rare.fleet, present(failing)))
})
