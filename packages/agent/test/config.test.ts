import { hostname } from 'node:os'
import t from 'tap'
import { type ConfigSources, loadAgentConfig } from '../src/config.ts'

const load = (changed: Partial<ConfigSources> = {}) =>
  loadAgentConfig({ arguments: [], environment: {}, readFile: () => '{}', ...changed })
const errorsOf = (...flags: string[]) => {
  const loaded = load({ arguments: flags })
  return 'errors' in loaded ? loaded.errors : []
}

t.test('works without any setting: this machine, its own resolvers, no NTP server on the Internet', async (t) => {
  t.match(load(), {
    value: {
      node: hostname(),
      vantage: 'host',
      aggregator: [],
      listen: { address: '127.0.0.1', port: 9530 },
      intervalSeconds: 15,
      deadlineSeconds: 2,
      closeSeconds: 6,
      suspicionSeconds: 5,
      targets: { nodeLocal: [], clusterDns: [], ntp: [] },
      bufferRounds: 240,
    },
  })
})

t.test('defaults < file < environment < flags', async (t) => {
  const loaded = load({
    arguments: ['--config=agent.json', '--vantage=pod'],
    environment: {
      ODDNODE_NODE: 'node-3',
      ODDNODE_LISTEN_PORT: '0',
      ODDNODE_TARGETS_CLUSTER_DNS: '10.96.0.10, [fd00::a]:5353',
    },
    readFile: () => '{"vantage":"host","node":"node-1","intervalSeconds":5}',
  })
  t.match(loaded, {
    value: {
      node: 'node-3',
      vantage: 'pod',
      intervalSeconds: 5,
      listen: { port: 0 },
      targets: { clusterDns: ['10.96.0.10', '[fd00::a]:5353'] },
    },
  })
})

t.test('a node has a name that a push can carry in its path', async (t) => {
  for (const name of ['../x', 'a b', 'a%2fb', 'ünï', '-x']) {
    t.strictSame(errorsOf(`--node=${name}`), [
      `node is "${name}": allowed are letters, digits, and within the name . _ and -`,
    ])
  }
  t.strictSame(errorsOf('--node=ip-10-0-0-1.eu_west.internal'), [])
})

t.test('more targets than a plan can have', async (t) => {
  const addresses = Array.from({ length: 64 }, (_, i) => `192.0.2.${i}`).join(',')
  t.strictSame(errorsOf(`--targets.upstream=${addresses}`, `--targets.nodeLocal=${addresses}`), [])
  t.match(
    errorsOf(
      ...['clusterDns', 'nodeLocal', 'endpoint'].map(
        (role) => `--targets.${role}=${addresses.replaceAll('.0.2.', `.0.${role.length}.`)}`,
      ),
    ),
    [/^targets has 192 addresses, for up to \d{4} probes: allowed are 256 addresses and 1024 probes$/],
  )
})

t.test('the password of a URL is not told', async (t) => {
  t.strictSame(errorsOf('--aggregator=http://user:password@192.0.2.1:8530'), [
    'aggregator has "http://…@192.0.2.1:8530": allowed is http://address:port',
  ])
})

t.test('a wrong value is one line with setting, value and what is allowed', async (t) => {
  for (const [flag, line] of [
    ['--vantage=node', 'vantage is "node" (flag --vantage), allowed is one of host, pod'],
    ['--listen.port=70000', 'listen.port is 70000 (flag --listen.port), allowed is an integer from 0 to 65535'],
    ['--listen.address=999.1.1.1', 'listen.address is "999.1.1.1": allowed is an IP address'],
    ['--listen.address=localhost', 'listen.address is "localhost": allowed is an IP address'],
    [
      '--targets.clusterDns=kube-dns',
      'targets.clusterDns has "kube-dns": allowed is an address or address:port, and no name',
    ],
    [
      '--targets.ntp=pool.ntp.org',
      'targets.ntp has "pool.ntp.org": allowed is an address or address:port, and no name',
    ],
    ['--aggregator=http://a b', 'aggregator has "http://a b": allowed is http://address:port'],
    ['--names.external=a..b', 'names.external is "a..b": allowed is an absolute name without its final dot'],
    ['--closeSeconds=1', 'closeSeconds is 1: allowed is at least deadlineSeconds, 2'],
  ] as const) {
    t.strictSame(errorsOf(flag), [line])
  }
})

t.test('everything that is wrong at once', async (t) => {
  t.equal(errorsOf('--closeSeconds=1', '--targets.upstream=dns.example', '--aggregator=http://[').length, 3)
})

t.test('--help lists every setting', async (t) => {
  t.match(load({ arguments: ['--help'] }), {
    errors: [],
    help: /--targets\.clusterDns {2}\(ODDNODE_TARGETS_CLUSTER_DNS\)/,
  })
})
