import t from 'tap'
import { cutOnNode, cutToServer, type OneTransport } from '../src/one-transport.ts'
import type { ProbeOf, Sees } from './faults/fault-world.ts'
import { sightAfter, viewAfter } from './faults/sight-of.ts'

const overTcp: OneTransport = {
  transport: 'tcp',
  outcomes: ['timeout'],
  severity: () => 'warning',
  consequence: ({ everything }) => (everything ? ': all' : ': some'),
}
const silent = { cause: '', remedy: '' }
const noTcp =
  (isOdd: (node: string, probe: ProbeOf) => boolean): Sees =>
  (node, probe) =>
    probe.transport === 'tcp' && probe.question === 'kubernetes' && isOdd(node, probe) ? 'timeout' : null

t.test('a node: its words', async (t) => {
  const rule = cutOnNode(overTcp)
  const story = (isOdd: (node: string, probe: ProbeOf) => boolean) => {
    const sight = sightAfter(noTcp(isOdd))
    const matches = rule.match(sight, 'node-2')
    return matches.length === 0 ? null : rule.tell(matches, sight, silent).story
  }
  t.equal(
    story((node) => node === 'node-2'),
    'From node-2 DNS over TCP fails while UDP works: all.',
  )
  t.equal(
    story((node, { vantage, role }) => node === 'node-2' && vantage === 'host' && role === 'cluster-dns'),
    'From host processes on node-2 DNS over TCP to 10.96.0.10 fails while UDP works: some.',
  )
  t.equal(
    story((_, { role, vantage }) => role === 'node-local' && vantage === 'pod'),
    null,
  )
})

t.test('a server, a service, everybody: their scope and words', async (t) => {
  const rule = cutToServer(overTcp)
  const told = (isOdd: (node: string, probe: ProbeOf) => boolean) => {
    const view = viewAfter(noTcp(isOdd))
    return rule.tell(rule.match(view, ''), view, silent)
  }
  t.match(
    told((_, { address }) => address === '10.244.1.2'),
    {
      scope: { kind: 'endpoint', subject: { pod: 'coredns-1', node: 'node-1' } },
      story: 'To 10.244.1.2 DNS over TCP fails while UDP works: some.',
    },
  )
  t.match(
    told((_, { role }) => role === 'cluster-dns'),
    {
      scope: { kind: 'cluster', subject: { role: 'cluster-dns', address: '10.96.0.10' } },
    },
  )
  t.match(
    told((_, { role, vantage }) => role === 'cluster-dns' && vantage === 'pod'),
    {
      story: 'To 10.96.0.10 from pods DNS over TCP fails while UDP works: some.',
    },
  )
  t.match(
    told((_, { role }) => role !== 'api-server'),
    {
      scope: { kind: 'cluster', subject: null },
      story: 'From every node DNS over TCP fails while UDP works: all.',
    },
  )
})
