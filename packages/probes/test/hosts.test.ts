import { join } from 'node:path'
import t from 'tap'
import { parseHosts, readHosts } from '../src/hosts.ts'

const kubelet = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
10.244.1.7\tagent-x7\tagent-x7.oddnode.svc.cluster.local
`

t.test('what every file has shadows nothing', async (t) => {
  t.same(parseHosts(kubelet, 'agent-x7'), [])
})

t.test('names that shadow DNS', async (t) => {
  const text =
    '10.0.0.5 API.Example.com api # the old address\r\n  192.0.2.7\tgithub.com\n#10.0.0.9 commented\nnot-an-address x\n10.0.0.1\n'
  t.same(parseHosts(text, 'node-1'), [
    { name: 'api.example.com', address: '10.0.0.5' },
    { name: 'api', address: '10.0.0.5' },
    { name: 'github.com', address: '192.0.2.7' },
  ])
})

t.test('bounded', async (t) => {
  const many = Array.from({ length: 100 }, (_, i) => `10.0.0.1 name-${i}`).join('\n')
  t.equal(parseHosts(many, 'x').length, 64)
  t.same(parseHosts(`10.0.0.1 ${'x'.repeat(254)}`, 'x'), [])
  const zone = (length: number) => `fe80::1%${'z'.repeat(length)}`
  t.same(parseHosts(`${zone(57)} long\n${zone(56)} api`, 'x'), [{ name: 'api', address: zone(56) }])
})

t.test('the file', async (t) => {
  const etc = t.testdir({ hosts: '10.0.0.5 api\n' })
  t.same(await readHosts(etc), [{ name: 'api', address: '10.0.0.5' }])
  t.equal(await readHosts(join(etc, 'missing')), undefined)
})
