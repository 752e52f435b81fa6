import { controlQuestions, type Question, questions } from '@oddnode/protocol'
import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { confirmCommand, confirmCommands, digCommand, dnsServer } from '../src/confirm.ts'
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
  const controls: readonly Question[] = controlQuestions
  for (const question of questions.filter((one) => !controls.includes(one))) {
    const command = digCommand(cellOf(agentWith(question), 0))
    t.ok(command.startsWith('dig +time=2 +tries=1 +tcp +bufsize=1232 @10.244.0.7 '), command)
    t.match(command, wanted[question] ?? /\. /)
  }
})

t.test('controls are no DNS', async (t) => {
  const command = (question: Question, port: number) => {
    const cell = cellOf(agentWith(question), 0)
    return confirmCommand({ ...cell, planned: { ...cell.planned, port } })
  }
  t.equal(command('reach', 8181), 'in a pod on node-1: nc -zvw2 10.244.0.7 8181')
  t.equal(command('health', 8080), 'in a pod on node-1: curl -sm2 http://10.244.0.7:8080/health')
})

t.test('options follow the probe', async (t) => {
  const cell = cellOf(agentWith('large'), 0)
  const { edns: _, ...bare } = cell.planned
  t.equal(
    digCommand({ ...cell, planned: { ...bare, transport: 'udp' }, target: { ...cell.target, port: 5353 } }),
    'dig +time=2 +tries=1 +notcp +ignore +noedns @10.244.0.7 -p 5353 LARGE-NAME. A',
  )
  t.match(
    digCommand({ ...cell, planned: { ...cell.planned, name: 'large.cluster.local' } }),
    / large\.cluster\.local\. A$/,
  )
  t.match(
    digCommand({ ...cell, planned: { ...cell.planned, edns: { udpPayloadSize: 4096, nsid: true } } }),
    '+bufsize=4096 +nsid',
  )
})

t.test('a name from outside is one word of the command, and nothing that a shell runs', async (t) => {
  const cell = cellOf(agentWith('wildcard'), 0)
  t.match(
    digCommand({ ...cell, planned: { ...cell.planned, name: 'check.$(id).test' } }),
    / 'check\.\$\(id\)\.test'\. A$/,
  )
  const names = { ...cell.agent.plan.names, clusterDomain: 'a;id' }
  const agent = { ...cell.agent, plan: { ...cell.agent.plan, names } }
  t.match(digCommand({ ...cell, agent, planned: { ...cell.planned, question: 'kubernetes' } }), /svc\.'a;id'\. A$/)
})

t.test('where to run it, each once', async (t) => {
  const cell = cellOf(agentWith('kubernetes'), 0)
  t.match(confirmCommand(cell), /^in a pod on node-1: dig /)
  t.match(confirmCommand({ ...cell, vantage: 'host' }), /^on node-1: dig /)
  t.equal(confirmCommands([cell, cell]).length, 1)
})

t.test('a connection is tried, and an IPv6 address is bracketed in a URL', async (t) => {
  const cell = cellOf(agentWith('connect'), 0)
  t.match(confirmCommand(cell), /: nc -zvw2 10\.244\.0\.7 53$/)
  const planned = { ...cell.planned, question: 'health', port: 8080 } as const
  t.match(
    confirmCommand({ ...cell, planned, target: { ...cell.target, address: '2001:db8::7' } }),
    / http:\/\/\[2001:db8::7\]:8080\/health$/,
  )
})

t.test('names that the plan does not know are written in capitals', async (t) => {
  const asks = (question: Question) => {
    const { agent, planned, target } = cellOf(agentWith(question), 0)
    const names = { clusterDomain: null, namespace: null, external: null, canary: null }
    return digCommand({ agent: { ...agent, plan: { ...agent.plan, names } }, planned, target })
  }
  t.match(asks('kubernetes'), / kubernetes\.default\.svc\.CLUSTER-DOMAIN\. A$/)
  t.match(asks('missing'), / p0\.NAMESPACE\.svc\.CLUSTER-DOMAIN\. A$/)
  t.match(asks('external'), / EXTERNAL-NAME\. A$/)
  t.match(asks('canary'), / CANARY-NAME\. A$/)
  t.match(asks('soa'), / \. SOA$/)
})

t.test('the port is named where it is not the usual one', async (t) => {
  t.equal(dnsServer({ address: '10.244.0.7', port: 53 }), '10.244.0.7')
  t.equal(dnsServer({ address: '10.244.0.7' }), '10.244.0.7')
  t.equal(dnsServer({ address: '2001:db8::7', port: 5353 }), '2001:db8::7 -p 5353')
})
