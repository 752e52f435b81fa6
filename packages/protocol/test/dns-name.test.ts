import t from 'tap'
import { isDnsName } from '../src/dns-name.ts'

t.test('labels of 1 to 63 octets, 253 in all', async (t) => {
  for (const good of ['example.net', 'a', 'x'.repeat(63), `${'a.'.repeat(126)}a`])
    t.ok(isDnsName(good, 'external'), good)
  for (const bad of ['', 'a..b', 'example.net.', 'x'.repeat(64), 'ü'.repeat(32), `${'a.'.repeat(126)}ab`])
    t.notOk(isDnsName(bad, 'external'), bad)
})

t.test('a cluster domain leaves room for what is asked under it', async (t) => {
  t.ok(isDnsName('cluster.local', 'clusterDomain'))
  t.ok(isDnsName(`${'a.'.repeat(81)}a`, 'clusterDomain'))
  t.notOk(isDnsName(`${'a.'.repeat(82)}a`, 'clusterDomain'))
})
