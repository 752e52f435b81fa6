import { join } from 'node:path'
import t from 'tap'
import { ownNamespace } from '../../src/cluster/own-namespace.ts'

const names = (namespace: string) => ({ clusterDomain: '', namespace, external: '', canary: 'oddnode-agents' })
const kubernetes = (namespaceFile: string) => ({ address: '', tokenFile: '', caFile: '', namespaceFile })

t.test('as it is set, else as the service account has it', async (t) => {
  const file = join(t.testdir({ namespace: 'watching\n', empty: '' }), 'namespace')
  t.equal(ownNamespace({ names: names('mine'), kubernetes: kubernetes(file) }), 'mine')
  t.equal(ownNamespace({ names: names(''), kubernetes: kubernetes(file) }), 'watching')
  t.equal(ownNamespace({ names: names(''), kubernetes: kubernetes(`${t.testdirName}/empty`) }), null)
  t.equal(ownNamespace({ names: names(''), kubernetes: kubernetes('/nowhere') }), null)
})
