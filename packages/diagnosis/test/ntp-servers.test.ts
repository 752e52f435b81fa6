import t from 'tap'
import { isServerWell, lastTimeFrom, ntpSubject, troubledReadings } from '../src/ntp-servers.ts'
import { clockWorld, type Tells, troubled } from './faults/clock-world.ts'
import { ntpClock, start } from './world.ts'

const mixed: Tells = (node, vantage) =>
  vantage === 'pod'
    ? {}
    : { clock: [node === 'node-2' ? troubled('192.0.2.1', {}) : ntpClock(0, '192.0.2.1'), ntpClock(0, '192.0.2.2')] }

t.test('the readings of who was left without time', async (t) => {
  const world = clockWorld()
  world.run(1, mixed)
  t.match(
    troubledReadings(world, () => true).map(({ agent, server }) => `${agent.node} ${server}`),
    ['node-2 192.0.2.1', 'node-2 192.0.2.2'],
  )
  t.equal(troubledReadings(world, ({ sample }) => sample.outcome === 'timeout').length, 1)
})

t.test('when somebody got the time, and whether a server is well', async (t) => {
  const world = clockWorld()
  world.run(1, mixed)
  t.equal(lastTimeFrom(world.fleet, '192.0.2.1'), start + 15)
  t.equal(lastTimeFrom(world.fleet, '192.0.2.9'), -Infinity)
  t.ok(isServerWell(world.fleet, '192.0.2.1', world.at), 'one node that gets time is enough')
  t.notOk(isServerWell(world.fleet, '192.0.2.3', world.at), 'nobody has asked it yet')
  t.ok(isServerWell(world.fleet, '192.0.2.9', world.at), 'nobody is to ask it')
  t.notOk(isServerWell(world.fleet, '192.0.2.1', world.at + 600), 'that was long ago')
})

t.test('what a finding about it is about', async (t) => {
  t.same(ntpSubject('192.0.2.1'), { role: null, address: '192.0.2.1', pod: null, node: null })
})
