import t from 'tap'
import { targetsExcess } from '../../src/plans/targets-excess.ts'
import { configOf } from './config-of.ts'

const some = (net: number, count: number) => Array.from({ length: count }, (_, i) => `192.0.${net}.${i}`)

t.test('what anybody has fits', async (t) => {
  t.strictSame(targetsExcess(configOf()), [])
  const targets = {
    nodeLocal: some(1, 2),
    clusterDns: some(2, 4),
    clusterDnsUpstream: some(3, 4),
    upstream: some(4, 16),
  }
  t.strictSame(targetsExcess({ ...configOf(), targets: { ...targets, ntp: [] } }), [])
})

t.test('more than a plan holds is told, whatever each list is alone', async (t) => {
  const targets = {
    nodeLocal: some(1, 16),
    clusterDns: some(2, 16),
    clusterDnsUpstream: [],
    upstream: some(4, 3),
    ntp: [],
  }
  t.match(targetsExcess({ ...configOf(), targets }), [
    /^targets has 35 addresses, for up to \d+ probes of each agent, allowed are 256 addresses and 1024 probes: name fewer$/,
  ])
})
