import { join } from 'node:path'
import t from 'tap'
import { lookAround, usualRoots } from '../../src/check/surroundings.ts'

const roots = (dir: string) => ({ ...usualRoots, etc: dir, kubelet: join(dir, 'kubelet.yaml') })

t.test('a node: its own resolv.conf, and the one that kubelet hands on', async (t) => {
  const dir = t.testdir({
    'resolv.conf': 'nameserver 127.0.0.53\n',
    'upstream.conf': 'nameserver 192.0.2.53\n',
    'kubelet.yaml': '',
  })
  t.match(await lookAround({}, roots(dir)), {
    vantage: 'host',
    resolvConf: { nameservers: ['127.0.0.53'] },
    kubelet: { resolvConf: null },
    handedOn: { nameservers: ['127.0.0.53'] },
  })
  t.match(await lookAround({}, { ...roots(dir), kubelet: join(dir, 'missing') }), { kubelet: null, handedOn: null })
})

t.test('a pod: what Kubernetes tells it, and never the files of a node', async (t) => {
  const dir = t.testdir({ 'resolv.conf': 'nameserver 10.96.0.10\n', 'kubelet.yaml': 'clusterDNS:\n- 10.96.0.10\n' })
  t.match(await lookAround({ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, roots(dir)), {
    vantage: 'pod',
    kubelet: null,
    handedOn: null,
    environment: { KUBERNETES_SERVICE_HOST: '10.96.0.1' },
  })
})

t.test('where nothing can be read, nothing is made up', async (t) => {
  const dir = t.testdir({})
  t.match(await lookAround({}, { ...roots(dir), proc: dir }), {
    resolvConf: { error: 'ENOENT', nameservers: [] },
    nodeLocalAddresses: null,
  })
})
