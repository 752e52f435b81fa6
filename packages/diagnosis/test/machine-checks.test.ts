import type { Facts } from '@oddnode/protocol'
import t from 'tap'
import { machineChecks } from '../src/machine-checks.ts'

const network: Facts['network'] = {
  defaultRouteIpv4: true,
  defaultRouteIpv6: false,
  globalIpv6: false,
  ipForward: null,
  bridgeNfCallIptables: null,
  ipNonlocalBind: null,
  ipvs: false,
}
const answer = (id: string, facts: Facts) => machineChecks(facts, 'host').find((check) => check.id === id)

t.test('what cannot be read is not answered, and never well', async (t) => {
  const checks = machineChecks({}, 'host')
  t.equal(checks.length, 4)
  t.ok(checks.every(({ passed }) => passed === null))
  t.equal(machineChecks({}, 'pod').length, 3, 'a pod knows no time daemon')
})

t.test('names in /etc/hosts are shown', async (t) => {
  t.match(answer('hosts-file', { hosts: [] }), { passed: true, detail: /shadows no name/ })
  const hosts = Array.from({ length: 7 }, (_, i) => ({ name: `name-${i}`, address: '192.0.2.1' }))
  t.match(answer('hosts-file', { hosts }), { passed: true, detail: /name-0 \(192\.0\.2\.1\).* and 2 more\.$/ })
})

t.test('a connection table that fills up', async (t) => {
  const filled = (entries: number) => answer('connection-table', { conntrack: { entries, max: 100, counters: {} } })
  t.match(filled(89), { passed: true })
  t.match(filled(90), { passed: false, detail: /90 of 100: when it is full/ })
  t.match(answer('connection-table', { conntrack: { entries: null, max: 100, counters: {} } }), { passed: null })
})

t.test('no default route', async (t) => {
  t.match(answer('default-route', { network }), { passed: true })
  t.match(answer('default-route', { network: { ...network, defaultRouteIpv4: false, defaultRouteIpv6: true } }), {
    passed: true,
  })
  t.match(answer('default-route', { network: { ...network, defaultRouteIpv4: false } }), { passed: false })
})

t.test('who keeps the clock', async (t) => {
  const kept = (daemon: 'chrony' | 'none', synchronised: boolean | null) =>
    answer('time-daemon', { timeKeeping: { daemon, synchronised, maxErrorSeconds: null, clockSource: null } })
  t.match(kept('chrony', true), { passed: true, detail: 'chrony runs and is synchronised.' })
  t.match(kept('chrony', false), { passed: false })
  t.match(kept('chrony', null), { passed: null })
  t.match(kept('none', null), { passed: false })
})
