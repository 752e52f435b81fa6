import t from 'tap'
import { noDiscovery } from '../../src/cluster/discovery.ts'

t.test('nobody tells', async (t) => {
  t.equal(noDiscovery.look(), undefined)
  t.equal(noDiscovery.close(), undefined)
})
