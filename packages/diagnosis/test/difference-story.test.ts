import type { Observation, Scope } from '@oddnode/protocol'
import t from 'tap'
import { differenceStory, differenceTitle } from '../src/difference-story.ts'
import { matterOf } from '../src/odd-matter.ts'
import {
  createWorld,
  good,
  oddCellsOf,
  planOf,
  present,
  refused,
  rounds,
  type Sees,
  servfail,
  timeout,
} from './world.ts'

const stories = (
  nodes: string[],
  sees: Sees,
  plan?: Parameters<typeof createWorld>[1],
  well: () => Observation = () => good(),
) => {
  const world = createWorld(nodes, plan)
  rounds(world, 3, well)
  rounds(world, 5, sees)
  return matterOf(world.fleet, oddCellsOf(world)).map((matter) => [differenceTitle(matter), differenceStory(matter)])
}

t.test('host and pod, two targets, two outcomes', async (t) => {
  const sees: Sees = (node, _, probe) => (node === 'a' && probe < 4 ? (probe % 2 === 0 ? timeout : refused) : good())
  t.same(stories(['a', 'b'], sees), [
    [
      'a: timeout and refused from node-local DNS 169.254.20.10 and cluster DNS 10.96.0.10',
      'a differs from 1 comparable node: host processes and pods get timeout instead of an answer from node-local DNS 169.254.20.10 over UDP, host processes and pods get refused instead of an answer from node-local DNS 169.254.20.10 over TCP, host processes and pods get timeout instead of an answer from cluster DNS 10.96.0.10 over UDP and host processes and pods get refused instead of an answer from cluster DNS 10.96.0.10 over TCP',
    ],
  ])
})

t.test('the question is named where others to the same target are well', async (t) => {
  const plan = planOf([
    { role: 'endpoint', address: '10.244.0.7' },
    { role: 'endpoint', address: '10.244.0.7', question: 'version' },
  ])
  const sees: Sees = (node, vantage, probe) => (node === 'a' && vantage === 'pod' && probe === 0 ? servfail : good())
  t.same(stories(['a', 'b'], sees, plan), [
    [
      'a: SERVFAIL from CoreDNS endpoint 10.244.0.7',
      'a differs from 1 comparable node: pods get SERVFAIL instead of NOERROR from CoreDNS endpoint 10.244.0.7 over UDP for kubernetes',
    ],
  ])
})

t.test('the cluster, a server, one machine', async (t) => {
  t.same(
    stories(['a', 'b'], (_, vantage, probe) => (vantage === 'pod' && probe < 2 ? timeout : good())),
    [
      [
        'node-local DNS 169.254.20.10 fails on every node',
        'All 2 nodes that ask are alike: pods get timeout instead of an answer from node-local DNS 169.254.20.10 over UDP and TCP',
      ],
    ],
  )
  t.match(
    stories(['a', 'b'], (_, __, probe) => (probe === 4 ? timeout : good())),
    [['CoreDNS endpoint 10.244.0.7 fails from every node', /^CoreDNS endpoint 10\.244\.0\.7 fails from all 2 nodes/]],
  )
  t.match(
    stories(['a'], (_, vantage, probe) => (vantage === 'pod' && probe < 2 ? servfail : good())),
    [
      [
        'a: SERVFAIL from node-local DNS 169.254.20.10',
        'pods on a get SERVFAIL instead of NOERROR from node-local DNS 169.254.20.10 over UDP and TCP',
      ],
    ],
  )
})

t.test('external answers are told by class', async (t) => {
  const plan = planOf([{ role: 'upstream', address: '192.0.2.1', question: 'external' }])
  const sees: Sees = (node) => good([node === 'a' ? '10.0.0.1' : `93.184.216.${node.charCodeAt(0)}`])
  t.match(
    stories(['a', 'b', 'c'], sees, plan, () => good(['93.184.216.1'])),
    [
      [
        'a: private addresses from upstream resolver 192.0.2.1',
        /get private addresses instead of public addresses from upstream resolver/,
      ],
    ],
  )
})

t.test('nodes that differ from each other, where no side has a majority', async (t) => {
  const plan = planOf([{ role: 'cluster-dns', address: '10.96.0.10' }])
  const sees: Sees = (node) => good(node === 'a' ? [] : ['10.0.0.1'])
  t.match(stories(['a', 'b'], sees, plan), [
    [
      /^a and b: /,
      'a and b differ from each other: from cluster DNS 10.96.0.10 a gets an empty answer and b gets answer 10.0.0.1 over UDP for kubernetes; which is right cannot be told',
    ],
  ])
})

t.test('several nodes with nothing to compare with', async (t) => {
  const plan = planOf([{ role: 'endpoint', address: '10.244.0.7' }])
  const odd: Sees = (_, vantage) => (vantage === 'pod' ? timeout : good())
  const world = createWorld(['a'], plan)
  rounds(world, 3, () => good())
  rounds(world, 5, odd)
  const [cell] = oddCellsOf(world)
  const matter = {
    ...present(matterOf(world.fleet, oddCellsOf(world))[0]),
    cells: [present(cell)],
    shown: [present(cell)],
  }
  const scope: Scope = { kind: 'group', nodes: ['a', 'b'], shared: {}, subject: null }
  t.match(
    differenceStory({ ...matter, scope }),
    /^pods on a and b get no answer \(timeout\) from CoreDNS endpoint 10\.244\.0\.7/,
  )
  const host = { ...present(cell), vantage: 'host' } as const
  t.match(differenceStory({ ...matter, scope, shown: [host] }), /^nodes a and b get no answer/)
  t.match(differenceStory({ ...matter, shown: [host] }), /^node a gets no answer/)
  t.match(differenceStory({ ...matter, shown: [host, present(cell)] }), /^a and pods there get no answer/)
})

t.test('what is said once for two targets, and two nodes that differ alike', async (t) => {
  const plan = planOf([
    { role: 'upstream', address: '192.0.2.1' },
    { role: 'upstream', address: '192.0.2.2' },
  ])
  t.match(
    stories(['a', 'b', 'c', 'd'], (node) => (node < 'c' ? servfail : good()), plan),
    [
      [
        'a and b: SERVFAIL from upstream resolver 192.0.2.1 and upstream resolver 192.0.2.2',
        'a and b differ from 2 comparable nodes: host processes and pods get SERVFAIL instead of NOERROR from upstream resolver 192.0.2.1 over UDP and from upstream resolver 192.0.2.2 over UDP',
      ],
    ],
  )
})
