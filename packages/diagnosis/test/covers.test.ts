import type { Evidence, Finding } from '@oddnode/protocol'
import t from 'tap'
import { coversOf } from '../src/covers.ts'
import type { CoverPlace, Fault } from '../src/fault.ts'
import { faultWorld } from './faults/fault-world.ts'

const { fleet } = faultWorld().world

const row = (node: string, changes: Partial<Evidence> = {}): Evidence => ({
  node,
  vantage: 'pod',
  target: { role: 'endpoint', address: '10.244.1.2' },
  transport: 'udp',
  question: 'kubernetes',
  state: 'failing',
  outcome: 'timeout',
  rcode: null,
  answered: 0,
  asked: 5,
  medianSeconds: null,
  error: null,
  healthy: null,
  ...changes,
})
const findingOf = (changes: Partial<Finding> = {}): Finding => ({
  id: '0',
  fault: 'consequence',
  severity: 'warning',
  scope: { kind: 'node', nodes: ['node-1'], shared: {}, subject: null },
  title: '',
  story: '',
  since: '2027-01-15T08:00:00.000Z',
  lastSeen: '2027-01-15T08:00:00.000Z',
  ended: null,
  confidence: 'certain',
  reopened: 0,
  evidence: [],
  confirm: [],
  cause: '',
  remedy: '',
  references: [],
  covers: [],
  ...changes,
})
const onNodes = (...nodes: string[]): Finding =>
  findingOf({ scope: { kind: 'node', nodes, shared: {}, subject: null }, evidence: nodes.map((node) => row(node)) })
const cluster = findingOf({ scope: { kind: 'cluster', nodes: [], shared: {}, subject: null } })
const about = (address: string, evidence: Evidence[] = []): Finding =>
  findingOf({
    scope: { kind: 'endpoint', nodes: [], shared: {}, subject: { role: 'endpoint', address, pod: null, node: null } },
    evidence,
  })
const agentOf = (node: string, pod: string): Finding =>
  findingOf({ scope: { kind: 'node', nodes: [node], shared: {}, subject: { role: null, address: null, pod, node } } })

const fault = (on: CoverPlace, faults: readonly string[] | 'all' = ['consequence']): Fault => ({
  name: 'cause',
  tier: 1,
  about: '',
  cause: '',
  remedy: '',
  references: [],
  notTakenFor: {},
  rules: [],
  covers: [{ faults, on }],
})
const covers = (on: CoverPlace, finding: Finding, other: Finding) => coversOf(fault(on), finding, other, fleet)

t.test('only the faults that it names, or all', async (t) => {
  t.ok(coversOf(fault('anywhere'), onNodes('a'), onNodes('b'), fleet))
  t.notOk(coversOf(fault('anywhere', ['other']), onNodes('a'), onNodes('b'), fleet))
  t.ok(coversOf(fault('anywhere', 'all'), onNodes('a'), onNodes('b'), fleet))
  t.notOk(coversOf({ ...fault('anywhere'), covers: [] }, onNodes('a'), onNodes('b'), fleet))
})

t.test('on the same nodes, or anywhere from the whole cluster', async (t) => {
  t.ok(covers('same-nodes', onNodes('a', 'b'), onNodes('a')))
  t.notOk(covers('same-nodes', onNodes('a'), onNodes('a', 'b')), 'it explains b as little as before')
  t.ok(covers('same-nodes', cluster, onNodes('a')))
  t.notOk(covers('same-nodes', onNodes('a'), cluster))
  t.ok(covers('same-nodes', onNodes('a'), about('10.244.1.2', [row('a')])), 'by its rows')
  t.notOk(covers('same-nodes', onNodes('a'), about('10.244.1.2', [row('a'), row('b')])))
})

t.test('as far as it is seen from pods, or by the agent that is silent', async (t) => {
  const host = findingOf({ ...onNodes('a'), evidence: [row('a', { vantage: 'host' })] })
  t.ok(covers('same-pods', onNodes('a'), onNodes('a')))
  t.notOk(covers('same-pods', onNodes('a'), host))
  t.notOk(covers('same-pods', onNodes('a'), onNodes('b')))
  t.ok(covers('same-pods', onNodes('a'), agentOf('a', 'agent-pod')))
  t.notOk(covers('same-pods', onNodes('a'), agentOf('a', 'agent-host')))
  t.ok(covers('silent-agent', agentOf('a', 'agent-pod'), onNodes('a')))
  t.notOk(covers('silent-agent', agentOf('a', 'agent-pod'), host))
  t.ok(covers('silent-agent', agentOf('a', 'agent-host'), host))
  t.notOk(covers('silent-agent', agentOf('b', 'agent-pod'), onNodes('a')))
})

t.test('about the same server', async (t) => {
  t.ok(covers('same-target', about('10.244.1.2'), about('10.244.1.2')))
  t.notOk(covers('same-target', about('10.244.1.2'), about('10.244.3.2')))
  t.ok(covers('same-target', about('10.244.1.2'), onNodes('a')), 'by its rows')
  t.notOk(covers('same-target', onNodes('a'), onNodes('a')), 'it is about no server')
})

t.test('where a row shows both', async (t) => {
  t.ok(covers('same-rows', onNodes('a', 'b'), onNodes('b', 'c')))
  t.notOk(covers('same-rows', onNodes('a'), onNodes('b')))
  t.notOk(covers('same-rows', onNodes('a'), findingOf({ evidence: [row('a', { transport: 'tcp' })] })))
})

t.test('about a server that runs there', async (t) => {
  t.ok(covers('hosted', onNodes('node-1'), about('10.244.1.2')))
  t.notOk(covers('hosted', onNodes('node-2'), about('10.244.1.2')))
  t.ok(covers('hosted', cluster, about('10.244.1.2')))
  t.notOk(covers('hosted', cluster, about('192.0.2.53')), 'nobody knows where that is')
  t.notOk(covers('hosted', onNodes('node-1'), findingOf()), 'about no server')
})

t.test('a finding without rows is of the pods if it is about their agent', async (t) => {
  t.ok(covers('same-pods', onNodes('node-1'), agentOf('node-1', 'agent-pod')))
  t.notOk(covers('same-pods', onNodes('node-1'), agentOf('node-1', 'agent-host')))
  t.notOk(covers('same-pods', onNodes('node-1'), findingOf()))
})
