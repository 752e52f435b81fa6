import t from 'tap'
import { missingRights } from '../../src/cluster/coredns-rights.ts'
import { recorded } from '../kubernetes/api-server.ts'

t.test('what CoreDNS needs', async (t) => {
  t.strictSame(recorded('clusterroles').items.map(missingRights), [[]])
  t.strictSame(missingRights({ rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }), [])
  const core = { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] }
  t.strictSame(missingRights({ rules: [core] }), ['list endpointslices', 'watch endpointslices'])
  t.strictSame(
    missingRights({
      rules: [core, { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] }],
    }),
    ['watch endpointslices'],
  )
  t.equal(missingRights({}).length, 8)
})
