import t from 'tap'
import { keepDaemonSet, nodeLocalOf } from '../../src/cluster/node-local.ts'
import { recorded } from '../kubernetes/api-server.ts'

const daemonSet = (args: string[], command?: string[]) =>
  keepDaemonSet({
    spec: { template: { spec: { containers: [{}, { args, ...(command ? { command } : {}) }] } } },
  })
const unseen = { podNameservers: [], localAddresses: [], pods: 0 }

t.test('the addon’s arguments', async (t) => {
  const addon = daemonSet([
    '-localip',
    '169.254.20.10,10.96.0.10',
    '-conf',
    '/etc/Corefile',
    '-upstreamsvc',
    'kube-dns-upstream',
  ])
  t.strictSame(addon, {
    localAddresses: ['169.254.20.10', '10.96.0.10'],
    upstreamService: 'kube-dns-upstream',
  })
  t.strictSame(nodeLocalOf(addon ? [addon] : [], unseen, ['10.96.0.10']), {
    addresses: ['169.254.20.10'],
    owns: ['10.96.0.10'],
    learnedFrom: 'kubernetes',
  })
})

t.test('kubespray’s, and other ways to write flags', async (t) => {
  t.match(daemonSet(['-localip', '169.254.25.10', '-upstreamsvc', 'coredns']), { upstreamService: 'coredns' })
  t.match(daemonSet([], ['/node-cache', '--localip=169.254.20.10']), {
    localAddresses: ['169.254.20.10'],
    upstreamService: 'kube-dns-upstream',
  })
  t.strictSame(daemonSet(['-localip', '169.254.20.10,__PILLAR__DNS__SERVER__'])?.localAddresses, ['169.254.20.10'])
})

t.test('a DaemonSet that tells nothing', async (t) => {
  t.equal(daemonSet(['-conf', '/etc/coredns/Corefile']), null)
  t.equal(daemonSet(['-localip']), null)
  t.equal(keepDaemonSet({}), null)
  t.strictSame(recorded('daemonsets').items.map(keepDaemonSet), [null])
})

t.test('by most pods’ nameserver', async (t) => {
  const counted = (value: string, nodes: number) => ({ value, nodes })
  const podNameservers = [counted('169.254.20.10', 2), counted('10.96.0.10', 1)]
  t.match(nodeLocalOf([], { ...unseen, podNameservers, pods: 3 }, []), {
    addresses: ['169.254.20.10'],
    learnedFrom: 'resolv.conf',
  })
  t.strictSame(nodeLocalOf([], { ...unseen, podNameservers, pods: 4 }, []).addresses, [], 'one odd node is no evidence')
  t.strictSame(nodeLocalOf([], { ...unseen, podNameservers: [counted('10.96.0.10', 3)], pods: 3 }, []).addresses, [])
})

t.test('by a usual address that lives on nodes', async (t) => {
  const localAddresses = ['10.96.0.10', '169.254.116.108']
  t.match(nodeLocalOf([], { ...unseen, localAddresses }, []), { addresses: ['169.254.116.108'], owns: [] })
  t.strictSame(nodeLocalOf([], unseen, []), { addresses: [], owns: [], learnedFrom: null })
})
