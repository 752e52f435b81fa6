import t from 'tap'
import { type Asked, askedOf, type Known, trapOf } from '../src/asked-of.ts'
import type { Role } from '../src/closed-sets.ts'

const known: Known = {
  vantage: 'pod',
  names: {
    clusterDomain: 'cluster.local',
    namespace: 'oddnode',
    external: 'example.net',
    canary: 'oddnode-canary.oddnode.svc.cluster.local',
  },
}
const host: Partial<Known> = { vantage: 'host' }

/** As `transport question period`, and how else it is asked. */
function text({ transport, question, everySeconds, sourcePort, edns, name, size, port }: Asked): string {
  const options = [
    sourcePort === 'fixed' ? 'fixed' : [],
    edns ? `edns ${edns.udpPayloadSize}` : [],
    edns?.nsid ? 'nsid' : [],
    size ?? [],
    name ?? [],
    port === undefined ? [] : `port ${port}`,
  ]
  return [transport, question, everySeconds, ...options.flat()].join(' ')
}
const asked = (role: Role, changed: Partial<Known> = {}) => askedOf({ role }, { ...known, ...changed }).map(text)

const identity = ['udp identity 300 edns 1232 nsid', 'udp version 300 edns 1232 nsid']
const base = ['udp kubernetes 0', 'udp version 0', 'tcp kubernetes 0']

t.test('each role its own questions, often or seldom', async (t) => {
  const resolver = [...base, 'udp missing 0', 'udp external 0', ...identity]
  t.strictSame(asked('node-local'), [...resolver, 'udp canary 60'])
  t.strictSame(asked('cluster-dns', host), resolver)
  t.strictSame(asked('cluster-dns'), [...resolver, 'udp pair 0', 'udp kubernetes 0 fixed'])
  t.strictSame(asked('cluster-dns-upstream'), base)
  const endpoint = [...base, 'udp external 60', 'udp canary 60', 'udp soa 60', ...identity]
  t.strictSame(asked('endpoint', host), endpoint)
  t.strictSame(asked('endpoint'), [...endpoint, 'udp pair 60'])
  t.strictSame(asked('upstream'), ['udp external 60'])
  t.strictSame(asked('upstream', host), ['udp external 0', 'tcp external 300'])
  t.strictSame(asked('api-server'), ['tcp connect 0'])
})

t.test('resolv-conf is asked for the cluster’s names only where it serves them', async (t) => {
  const cluster = ['udp kubernetes 0', 'udp version 0', 'udp missing 0', 'tcp kubernetes 0', 'udp external 0']
  const alone = ['udp invalid 0', 'tcp invalid 0', 'udp external 0']
  t.strictSame(asked('resolv-conf'), cluster)
  t.strictSame(asked('resolv-conf', host), alone)
  t.strictSame(asked('resolv-conf', { ...host, resolvConfServesCluster: true }), cluster)
  t.strictSame(asked('resolv-conf', { names: { ...known.names, clusterDomain: null } }), alone)
})

t.test('large answers over both transports, 1232 octets without EDNS too', async (t) => {
  const large = [1232, 1460].map((octets) => ({ name: `large-${octets}.oddnode.svc.cluster.local`, octets }))
  const wanted = [
    'udp large 300 edns 1360 1232 large-1232.oddnode.svc.cluster.local',
    'tcp large 300 edns 1360 1232 large-1232.oddnode.svc.cluster.local',
    'udp large 300 1232 large-1232.oddnode.svc.cluster.local',
    'udp large 300 edns 1588 1460 large-1460.oddnode.svc.cluster.local',
    'tcp large 300 edns 1588 1460 large-1460.oddnode.svc.cluster.local',
  ]
  for (const role of ['node-local', 'cluster-dns', 'endpoint'] as const) {
    t.strictSame(
      asked(role, { large }).filter((line) => line.includes('large')),
      wanted,
      role,
    )
  }
  t.notOk(
    asked('upstream', { large }).some((line) => line.includes('large')),
    'the names are the cluster’s own',
  )
})

t.test('one agent asks for its group, at what pods use', async (t) => {
  const group = { asksForGroup: true, wildcardDomains: ['svc.cluster.local', 'example.net'] }
  const wanted = [
    'udp invalid 60',
    'udp case 60',
    'udp wildcard 3600 oddnode-wildcard-check.svc.cluster.local',
    'udp wildcard 3600 oddnode-wildcard-check.example.net',
  ]
  for (const role of ['node-local', 'cluster-dns'] as const) {
    t.strictSame(
      asked(role, group).filter((line) => /invalid|case|wildcard/.test(line)),
      wanted,
      role,
    )
  }
  const trap = trapOf({ ...known, ...group })
  t.match(trap?.target, { address: '192.0.2.53', port: 53 }, 'RFC 5737: nobody lives there')
  t.strictSame(trap?.asked.map(text), ['udp trap 600'])
})

t.test('controls only where their ports are known', async (t) => {
  const ports = { endpointReachPort: 8181, nodeLocalHealthPort: 9254 }
  t.ok(asked('endpoint', ports).includes('tcp reach 0 port 8181'))
  t.ok(asked('node-local', ports).includes('tcp health 60 port 9254'))
  t.notOk(['endpoint', 'node-local'].some((role) => /reach|health/.test(asked(role as Role).join(' '))))
})

t.test('who asks for itself alone asks nothing for a group', async (t) => {
  t.notOk(asked('cluster-dns', { wildcardDomains: ['example.net'] }).some((line) => line.includes('wildcard')))
  t.equal(trapOf(known), null)
})
