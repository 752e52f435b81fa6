import t from 'tap'
import { factsHtml } from '../../../src/report/html/facts.ts'
import { HOSTILE } from '../sample-moment.ts'

t.test('what could be read, and nothing of what could not', async (t) => {
  const text = factsHtml({
    system: { kernel: '6.8.0', os: 'Linux', hostname: 'a', nodeVersion: 'v24' },
    routes: [
      { address: '10.96.0.10', device: 'eth0', mtu: 1450 },
      { address: '10.96.0.11', device: 'eth0', mtu: 1450 },
      { address: '10.96.0.12', device: null, mtu: null },
    ],
    conntrack: { entries: null, max: 100, counters: {} },
    hosts: [{ name: HOSTILE, address: '10.0.0.1' }],
  })
  t.match(text, '6.8.0')
  t.match(text, '<dd>eth0 1450</dd>')
  t.match(text, '? of 100 entries')
  t.notMatch(text, /Nameservers|Time daemon|<script/)
})

t.test('a resolv.conf as it is', async (t) => {
  const text = factsHtml({
    resolvConf: {
      path: '/etc/resolv.conf',
      nameservers: ['10.96.0.10', '10.96.0.11'],
      search: ['svc.cluster.local', 'cluster.local'],
      options: [],
      usedNameservers: [],
      limits: ['Four nameservers.'],
      modifiedAt: null,
      unread: [],
      error: null,
    },
    timeKeeping: { daemon: 'chrony', synchronised: true, maxErrorSeconds: null, clockSource: null },
  })
  for (const part of ['10.96.0.10, 10.96.0.11', 'svc.cluster.local cluster.local', 'Four nameservers.', 'chrony'])
    t.match(text, part)
  t.notMatch(text, 'Options')
})
