import type { Facts, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { pictureOfLoneMachine } from '../../../src/report/model/lone-machine.ts'

const resolvConf: Facts['resolvConf'] = {
  path: '/etc/resolv.conf',
  nameservers: ['127.0.0.53'],
  usedNameservers: ['127.0.0.53'],
  search: ['a.test', 'b.test', 'a.test'],
  options: [],
  limits: [],
  modifiedAt: null,
  unread: [],
  error: null,
}

type Heard = [node: string, vantage: Vantage, facts: Facts | null]

const fleetOf = (...heard: Heard[]) => ({
  nodes: new Map(heard.map(([node]) => [node, null])),
  agents: new Map(heard.map(([node, vantage, facts]) => [`${vantage}/${node}`, { vantage, facts }])),
})
const answersOf = (...heard: Heard[]) =>
  Object.fromEntries(pictureOfLoneMachine(fleetOf(...heard)).checks.map(({ id, passed }) => [id, passed]))

t.test('what a machine answers of itself, and that nobody asks the API', async (t) => {
  t.match(answersOf(['laptop', 'host', { resolvConf, hosts: [] }]), {
    'nameserver-limit': true,
    'search-domains-repeated': false,
    'systemd-resolved-loop': null,
    'hosts-file': true,
    'time-daemon': null,
  })
  t.match(pictureOfLoneMachine(fleetOf(['laptop', 'host', {}])).hidden, [/^The Kubernetes API is not asked/])
})

t.test('of two agents the host is asked, if it has told', async (t) => {
  const pod: Heard = ['laptop', 'pod', { resolvConf }]
  t.match(answersOf(pod, ['laptop', 'host', { resolvConf }]), { 'time-daemon': null })
  t.notOk('time-daemon' in answersOf(pod, ['laptop', 'host', null]))
})

t.test('nothing of no machine, of several, and of one that has not told', async (t) => {
  t.strictSame(pictureOfLoneMachine(fleetOf()), { checks: [], hidden: [] })
  t.strictSame(answersOf(['a', 'host', { resolvConf }], ['b', 'host', { resolvConf }]), {})
  t.strictSame(answersOf(['a', 'host', null]), {})
})
