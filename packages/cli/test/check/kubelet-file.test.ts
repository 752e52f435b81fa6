import { join } from 'node:path'
import t from 'tap'
import { parseKubeletFile, readKubeletFile } from '../../src/check/kubelet-file.ts'

const kubeadm = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
clusterDNS:
- 10.96.0.10
- fd00::a
clusterDomain: cluster.local
kind: KubeletConfiguration
resolvConf: /run/systemd/resolve/resolv.conf
rotateCertificates: true
`

t.test('as kubeadm writes it', async (t) => {
  t.strictSame(parseKubeletFile(kubeadm), {
    clusterDns: ['10.96.0.10', 'fd00::a'],
    clusterDomain: 'cluster.local',
    resolvConf: '/run/systemd/resolve/resolv.conf',
  })
})

t.test('with indented lists, quotes, lists on one line, and as JSON', async (t) => {
  t.match(parseKubeletFile('clusterDNS:\n  - "169.254.20.10"\nclusterDomain: "k8s.example" # ours\n'), {
    clusterDns: ['169.254.20.10'],
    clusterDomain: 'k8s.example',
    resolvConf: null,
  })
  t.match(parseKubeletFile('clusterDNS: [10.0.0.10, 10.0.0.11]'), { clusterDns: ['10.0.0.10', '10.0.0.11'] })
  const json = JSON.stringify({ clusterDNS: ['10.0.0.10'], clusterDomain: 'cluster.local' }, null, 2)
  t.match(parseKubeletFile(json), { clusterDns: ['10.0.0.10'], clusterDomain: 'cluster.local' })
  t.strictSame(parseKubeletFile(''), { clusterDns: [], clusterDomain: null, resolvConf: null })
})

t.test('a file that is not there', async (t) => {
  const dir = t.testdir({ 'config.yaml': kubeadm })
  t.match(await readKubeletFile(join(dir, 'config.yaml')), { clusterDomain: 'cluster.local' })
  t.equal(await readKubeletFile(join(dir, 'missing')), null)
})
