import { join } from 'node:path'
import { Facts } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { machineRoots, readFacts } from '../src/facts.ts'
import { fibTrie, linux68, route } from './proc-fixtures.ts'

const target = (address: string) => ({ role: 'cluster-dns', address, port: 53, learnedFrom: 'configuration' }) as const
const plan = { targets: [target('10.244.1.1'), target('10.244.1.7'), target('10.244.1.7')] }

const rootsIn = (root: string) => {
  const [proc, sys, etc, run] = ['proc', 'sys', 'etc', 'run'].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ]
  return { proc, sys, etc, run }
}

t.test('every fact of a node', async (t) => {
  const root = t.testdir({
    proc: {
      net: {
        dev: 'kube-ipvs0: 0\n',
        fib_trie: fibTrie,
        route,
        snmp: linux68.snmp,
        stat: { nf_conntrack: linux68.conntrack },
      },
      sys: { net: { netfilter: { nf_conntrack_max: '100\n', nf_conntrack_count: '7\n' } } },
    },
    sys: { class: { net: { cni0: { mtu: '1450\n' }, lo: { mtu: '65536\n' } } } },
    etc: { 'resolv.conf': 'nameserver 10.0.0.1\n', hosts: '10.0.0.5 api\n', 'os-release': 'PRETTY_NAME=Alpine\n' },
  })
  const facts = await readFacts(plan, 'pod', rootsIn(root))
  t.match(facts, {
    resolvConf: { path: join(root, 'etc/resolv.conf'), usedNameservers: ['10.0.0.1'] },
    system: { os: 'Alpine' },
    hosts: [{ name: 'api', address: '10.0.0.5' }],
    localAddresses: ['10.244.1.1'],
    routes: [
      { address: '10.244.1.1', device: 'lo', mtu: 65536 },
      { address: '10.244.1.7', device: 'cni0', mtu: 1450 },
    ],
    conntrack: { entries: 7, max: 100 },
    network: { ipvs: true, defaultRouteIpv4: true },
    udp: { InErrors: 2 },
  })
  t.notOk('timeKeeping' in facts, 'a pod cannot see who keeps the clock')
  t.equal(facts.routes?.length, 2, 'an address once')
  t.ok(Value.Check(Facts, facts), JSON.stringify(Value.Errors(Facts, facts)))
})

t.test('what cannot be read is absent', async (t) => {
  const nowhere = join(t.testdir({}), 'missing')
  const facts = await readFacts(plan, 'host', { proc: nowhere, sys: nowhere, etc: nowhere, run: nowhere })
  t.same(Object.keys(facts), ['resolvConf', 'system'])
  t.equal(facts.resolvConf?.error, 'ENOENT')
  t.ok(Value.Check(Facts, facts))
})

t.test('this machine', async (t) => {
  const facts = await readFacts(plan, 'host', machineRoots)
  t.ok(Value.Check(Facts, facts), JSON.stringify(Value.Errors(Facts, facts)))
})
