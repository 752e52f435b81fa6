import t from 'tap'
import { learntChecks } from '../../src/cluster/learnt-checks.ts'
import { clusterOf } from './cluster-of.ts'
import { noneSet } from './targets-set.ts'

const of = (dns: Parameters<typeof clusterOf>[1], set: Partial<typeof noneSet> = {}) =>
  learntChecks(clusterOf({}, dns).dns, { ...noneSet, ...set })

t.test('where node-local DNS and upstreams were learnt', async (t) => {
  t.strictSame(
    of({
      nodeLocalLearnedFrom: 'resolv.conf',
      upstreams: ['192.0.2.1', '192.0.2.9'],
      forwards: ['192.0.2.1', '/etc/resolv.conf'],
    }),
    [
      { id: 'node-local-dns', passed: true, detail: "169.254.20.10, learnt from pods' resolv.conf." },
      {
        id: 'upstream-resolvers',
        passed: true,
        detail: "192.0.2.1 from the Corefile; 192.0.2.9 from hosts' resolv.conf.",
      },
    ],
  )
  t.match(of({ nodeLocalLearnedFrom: 'kubernetes', nodeLocalOwns: ['10.96.0.10'] }), [
    { detail: "169.254.20.10, which takes over 10.96.0.10, learnt from its DaemonSet's arguments." },
  ])
})

t.test('what is missing is no failure', async (t) => {
  t.match(of({ nodeLocalAddresses: [], upstreams: [], forwards: ['/etc/resolv.conf'] }), [
    { passed: null },
    { passed: null, detail: 'No resolver outside the cluster was found.' },
  ])
  t.match(of({ nodeLocalAddresses: [], upstreams: [], forwards: ['tls://192.0.2.1', '192.0.2.2:5353'] })[1], {
    passed: null,
    detail:
      'The Corefile forwards to tls://192.0.2.1, 192.0.2.2:5353, which is not asked: only plain DNS on port 53 is.',
  })
})

t.test('what the operator set, and what was found besides', async (t) => {
  t.strictSame(of({ nodeLocalAddresses: [] }, { nodeLocal: ['169.254.20.10:53'], upstream: ['[2001:db8::53]:5353'] }), [
    { id: 'node-local-dns', passed: true, detail: '169.254.20.10, set by targets.nodeLocal.' },
    {
      id: 'upstream-resolvers',
      passed: true,
      detail: '[2001:db8::53]:5353, set by targets.upstream; found as well, and not asked: 192.0.2.53.',
    },
  ])
})
