import { NodeDiff } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { nodeDiffOf } from '../../../src/report/model/node-diff.ts'
import { momentOf } from '../sample-moment.ts'
import { agentOf, failing, nodeOf, probeOf } from '../sample-report.ts'

const moment = momentOf()
const diffOf = (a: ReturnType<typeof nodeOf>, b: ReturnType<typeof nodeOf>) => nodeDiffOf(moment, a, b)

t.test('two nodes that are alike', async (t) => {
  const slower = agentOf([probeOf({ medianSeconds: 0.002 })])
  const diff = diffOf(nodeOf('a', [agentOf([probeOf()])]), nodeOf('b', [slower]))
  t.strictSame(Value.Errors(NodeDiff, diff), [])
  t.match(diff, { cells: [], alikeCells: 1, facts: [], attributes: [] })
})

t.test('cells that differ, worst first, and those that only one is asked for', async (t) => {
  const version = probeOf({ question: 'version' })
  const a = nodeOf('a', [agentOf([probeOf({ rcode: 'NXDOMAIN' }), version, probeOf({ question: 'soa' })])])
  const b = nodeOf('b', [agentOf([probeOf(), probeOf({ ...failing, question: 'version' })])])
  const { cells, alikeCells } = diffOf(a, b)
  t.match(cells, [
    { question: 'version', a: { state: 'ok' }, b: { state: 'failing' } },
    { question: 'kubernetes', a: { rcode: 'NXDOMAIN' }, b: { rcode: 'NOERROR' } },
    { question: 'soa', a: { state: 'ok' }, b: null },
  ])
  t.equal(alikeCells, 0)
})

t.test('failing in the same words is alike', async (t) => {
  const refused = { ...failing, outcome: 'refused', outcomes: { refused: 5 } } as const
  const node = (name: string, changes: object) => nodeOf(name, [agentOf([probeOf({ ...failing, ...changes })])])
  t.equal(diffOf(node('a', {}), node('b', {})).cells.length, 0)
  t.equal(diffOf(node('a', {}), node('b', refused)).cells.length, 1)
})

t.test('facts and attributes, by vantage and in words', async (t) => {
  const resolvConf = {
    path: '/etc/resolv.conf',
    nameservers: ['10.96.0.10'],
    search: ['svc.cluster.local'],
    options: ['ndots:5'],
    usedNameservers: ['10.96.0.10'],
    limits: [],
    modifiedAt: 1,
    unread: [],
    error: null,
  }
  const system = { kernel: '6.1', os: 'Debian', hostname: 'a', nodeVersion: 'v24' }
  const route = { address: '10.96.0.10', device: 'eth0', mtu: 1500 }
  const facts = { resolvConf, system, routes: [route], hosts: [{ name: 'x', address: '10.0.0.1' }] }
  const a = nodeOf('a', [agentOf([], { facts })], { attributes: { zone: 'one', kernel: '6.1' } })
  const other = {
    resolvConf: { ...resolvConf, nameservers: ['10.96.0.10', '192.0.2.1'], modifiedAt: 2 },
    system: { ...system, kernel: '6.8', hostname: 'b' },
    routes: [{ ...route, mtu: null }],
    timeKeeping: { daemon: 'chrony', synchronised: true, maxErrorSeconds: 0.1, clockSource: 'tsc' } as const,
    localAddresses: ['b', 'a'],
    conntrack: { entries: 1, max: 10, counters: {} },
    network: {
      defaultRouteIpv4: true,
      defaultRouteIpv6: null,
      globalIpv6: false,
      ipForward: null,
      bridgeNfCallIptables: null,
      ipNonlocalBind: null,
      ipvs: false,
    },
  }
  const b = nodeOf('b', [agentOf([], { facts: other })], { attributes: { zone: 'two', kernel: '6.1' } })
  const { facts: different, attributes } = diffOf(a, b)
  t.strictSame(attributes, [{ name: 'zone', a: 'one', b: 'two' }])
  const byName = new Map(different.map((one) => [one.name, one]))
  t.match(byName.get('pod resolv.conf nameservers'), { a: '10.96.0.10', b: '10.96.0.10 192.0.2.1' })
  t.match(byName.get('pod kernel'), { a: '6.1', b: '6.8' })
  t.match(byName.get('pod route to 10.96.0.10'), { a: 'eth0, MTU 1500', b: 'eth0, MTU unknown' })
  t.match(byName.get('pod time keeping'), { a: null, b: 'chrony' })
  t.match(byName.get('pod names in /etc/hosts'), { a: 'x 10.0.0.1', b: null })
  t.match(byName.get('pod target addresses that live here'), { b: 'a b' })
  t.match(byName.get('pod conntrack table size'), { b: '10' })
  t.match(byName.get('pod network globalIpv6'), { b: 'false' })
  t.notOk([...byName.keys()].some((name) => /hostname|search|options|ipForward/.test(name)))
})

t.test('clocks beside each other: both may be off', async (t) => {
  const clockOf = (offsetSeconds: number | null) => ({
    ...nodeOf('x', []).clock,
    offsetSeconds,
    uncertaintySeconds: 0.001,
  })
  const a = nodeOf('a', [], { clock: clockOf(-94) })
  t.match(diffOf(a, nodeOf('b', [], { clock: clockOf(0.5) })).clock, {
    offsetSeconds: -94.5,
    uncertaintySeconds: 0.002,
  })
  t.equal(diffOf(a, nodeOf('b', [], { clock: clockOf(null) })).clock, null)
})
