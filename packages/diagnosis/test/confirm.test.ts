import { type Question, questions } from '@oddnode/protocol'
import t from 'tap'
import { confirmCommand, confirmCommands, digCommand } from '../src/confirm.ts'
import { cellOf } from '../src/matrix.ts'
import { createWorld, good, planOf, present, push } from './world.ts'

const agentWith = (question: Question) => {
  const world = createWorld(
    ['node-1'],
    planOf([{ role: 'endpoint', address: '10.244.0.7', question, transport: 'tcp' }]),
  )
  push(world, 'node-1', 'pod', () => good())
  return present(world.fleet.agents.get('pod/node-1'))
}

t.test('each question has its name and type', async (t) => {
  const wanted: Partial<Record<Question, string>> = {
    kubernetes: 'kubernetes.default.svc.cluster.local. A',
    version: 'dns-version.cluster.local. TXT',
    soa: 'cluster.local. SOA',
    missing: 'p0.oddnode.svc.cluster.local. A',
    external: 'example.com. A',
    identity: 'id.server. CH TXT',
  }
  for (const question of questions) {
    const command = digCommand(cellOf(agentWith(question), 0))
    t.ok(command.startsWith('dig +time=2 +tries=1 +tcp +bufsize=1232 @10.244.0.7 '), command)
    t.match(command, wanted[question] ?? /\. /)
  }
})

t.test('options follow the probe', async (t) => {
  const cell = cellOf(agentWith('large'), 0)
  const { edns: _, ...bare } = cell.planned
  t.equal(
    digCommand({ ...cell, planned: { ...bare, transport: 'udp' }, target: { ...cell.target, port: 5353 } }),
    'dig +time=2 +tries=1 +notcp +ignore +noedns -p 5353 @10.244.0.7 LARGE-NAME. A',
  )
  t.match(
    digCommand({ ...cell, planned: { ...cell.planned, edns: { udpPayloadSize: 4096, nsid: true } } }),
    '+bufsize=4096 +nsid',
  )
})

t.test('where to run it, each once', async (t) => {
  const cell = cellOf(agentWith('kubernetes'), 0)
  t.match(confirmCommand(cell), /^in a pod on node-1: dig /)
  t.match(confirmCommand({ ...cell, vantage: 'host' }), /^on node-1: dig /)
  t.equal(confirmCommands([cell, cell]).length, 1)
})
