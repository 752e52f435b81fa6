import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { apiAddress, loadConfig, readSecret } from '../src/config.ts'

const load = (flags: string[] = [], environment = {}, file?: string) =>
  loadConfig({ arguments: flags, environment, ...(file === undefined ? {} : { readFile: () => file }) })

t.test('the defaults listen on loopback, without a file', async (t) => {
  t.match(load(), {
    value: { listen: { address: '127.0.0.1', port: 8530 }, auth: { mode: 'none' }, cluster: 'default' },
  })
  const loaded = load()
  t.strictSame('value' in loaded && loaded.value.thresholds, defaultThresholds, 'thresholds are those of the diagnosis')
  t.notOk('value' in loaded && loaded.value.dataFile)
})

t.test('flags, environment and file', async (t) => {
  const loaded = load(
    ['--listen.port=0', '--config=c.json'],
    { ODDNODE_DATA_FILE: '/data/o.db', ODDNODE_SERVICE_HOST: '10.0.0.1' },
    '{"cluster":"prod-eu"}',
  )
  t.match(loaded, {
    value: { cluster: 'prod-eu', listen: { port: 0 }, dataFile: '/data/o.db' },
    origins: { cluster: 'file', 'listen.port': 'flag', dataFile: 'environment', logLevel: 'default' },
  })
})

const addressForm =
  'allowed is an IP address or address:port with a port from 1 to 65535; no name, which would need the DNS that is on trial'
const nameForm = 'allowed is labels of 1 to 63 octets with dots between them, and no final dot'

t.test('a wrong value is one line with setting, value and what is allowed', async (t) => {
  const cases = [
    [['--listen.port=99999'], 'listen.port is 99999 (flag --listen.port), allowed is an integer from 0 to 65535'],
    [
      ['--auth.mode=maybe'],
      'auth.mode is "maybe" (flag --auth.mode), allowed is one of none, shared-secret, kubernetes',
    ],
    [['--listen.prot=1'], 'unknown flag "--listen.prot", did you mean --listen.port?'],
    [['--retention.days=0'], 'retention.days is 0 (flag --retention.days), allowed is a number from 0.01 to 3650'],
    [['--listen.address=localhost'], 'listen.address is "localhost", allowed is an IP address'],
    [['--auth.mode=shared-secret'], 'auth.mode shared-secret needs auth.secretFile: a file with the secret'],
    [
      ['--thresholds.failingSamples=6'],
      'thresholds.failingSamples is 6, allowed is at most thresholds.windowSamples (5)',
    ],
    [['--discovery.mode=file'], 'discovery.mode file needs clusterFile: a file that describes the cluster'],
    [['--discovery.mode=kubernetes'], 'discovery.mode kubernetes needs kubernetes.address, or to run in a pod'],
    [['--events.enabled'], 'events.enabled needs kubernetes.address, or to run in a pod'],
    [['--auth.mode=kubernetes'], 'auth.mode kubernetes needs kubernetes.address, or to run in a pod'],
    [['--targets.ntp=pool.ntp.org'], `targets.ntp has "pool.ntp.org", ${addressForm}`],
    [['--targets.clusterDns=:::::'], `targets.clusterDns has ":::::", ${addressForm}`],
    [['--targets.nodeLocal=169.254.20.10:70000'], `targets.nodeLocal has "169.254.20.10:70000", ${addressForm}`],
    [['--targets.upstream=[2001:db8::53]:0'], `targets.upstream has "[2001:db8::53]:0", ${addressForm}`],
    [['--names.external=a..example.com'], `names.external is "a..example.com", ${nameForm}`],
    [
      [`--names.clusterDomain=${'x'.repeat(64)}.local`],
      `names.clusterDomain is "${'x'.repeat(64)}.local", ${nameForm}`,
    ],
    [['--names.external=example.com.'], `names.external is "example.com.", ${nameForm}`],
    [['--names.namespace=a.b'], 'names.namespace is "a.b", allowed is one label of 1 to 63 octets'],
    [['--names.canary=a.b'], 'names.canary is "a.b", allowed is one label of 1 to 63 octets'],
    [['--advertise=me'], 'advertise has "me", allowed is an IP address'],
    [['--plan.closeSeconds=1'], 'plan.closeSeconds is 1, allowed is at least plan.deadlineSeconds (2)'],
  ] as const
  for (const [flags, expected] of cases) {
    const loaded = load([...flags])
    t.strictSame('errors' in loaded && loaded.errors[0], expected)
  }
  t.match(load(['--config=c.json'], {}, '{"nodde":1}'), { errors: [/unknown setting "nodde" in c.json/] })
})

t.test('nobody may push unasked from other machines', async (t) => {
  for (const address of ['0.0.0.0', '::', '10.0.0.1']) {
    t.match(
      load([`--listen.address=${address}`]),
      { errors: [/anybody could push. Set auth.mode=shared-secret/] },
      address,
    )
  }
  for (const address of ['127.0.0.1', '127.8.8.8', '::1'])
    t.ok('value' in load([`--listen.address=${address}`]), address)
  t.ok('value' in load(['--listen.address=::', '--auth.mode=shared-secret', '--auth.secretFile=s']))
})

t.test('the secret', async (t) => {
  const file = join(t.testdir(), 'secret')
  t.match(readSecret(file), { error: /cannot read auth.secretFile .*ENOENT/ })
  writeFileSync(file, 'short\n')
  t.match(readSecret(file), { error: /at least 16 characters/ })
  writeFileSync(file, 'two words that are long enough\n')
  t.match(readSecret(file), { error: /no space/ })
  writeFileSync(file, '0123456789abcdef\n')
  t.strictSame(readSecret(file), { secret: '0123456789abcdef' })
})

t.test('the API server is where a pod is told, or where it is configured', async (t) => {
  t.equal(apiAddress('', {}), null)
  t.equal(apiAddress('', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }), 'https://10.0.0.1:443')
  t.equal(
    apiAddress('', { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }),
    'https://[fd00::1]:6443',
  )
  t.equal(apiAddress('https://192.0.2.1:6443/', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }), 'https://192.0.2.1:6443')
  t.ok('value' in load(['--auth.mode=kubernetes', '--listen.address=::'], { KUBERNETES_SERVICE_HOST: '10.0.0.1' }))
})

t.test('every address that is none is told, and more servers than a plan holds', async (t) => {
  t.match(load(['--targets.upstream=aa,192.0.2.1,bb']), { errors: [/has "aa"/, /has "bb"/] })
  const many = (count: number) => Array.from({ length: count }, (_, i) => `192.0.2.${i}`).join(',')
  t.match(load([`--targets.ntp=${many(17)}`]), { errors: [/^targets\.ntp is .*allowed is a list of at most 16, /] })
  t.ok('value' in load([`--targets.nodeLocal=${many(8)}`]))
  t.match(load([`--targets.nodeLocal=${many(60)}`]), { errors: [/^targets has 60 addresses, for up to \d{4} probes/] })
})
