import t from 'tap'
import { isLinkLocal, seenByAgents } from '../../src/cluster/agent-facts.ts'
import { hostAgent, podAgent, resolvConfOf } from './agents.ts'

t.test('what all agents together tell, the commonest first', async (t) => {
  const seen = seenByAgents([
    podAgent('node-1', '10.96.0.10'),
    podAgent('node-2', '169.254.20.10', { localAddresses: ['169.254.20.10'] }),
    podAgent('node-3', '169.254.20.10'),
    hostAgent('node-1', '192.0.2.53', '192.0.2.54'),
    hostAgent('node-2', '192.0.2.54', '192.0.2.54'),
    { node: 'node-4', vantage: 'pod', facts: null },
    { node: 'node-4', vantage: 'host', facts: {} },
  ])
  t.strictSame(seen, {
    podNameservers: [
      { value: '169.254.20.10', nodes: 2 },
      { value: '10.96.0.10', nodes: 1 },
    ],
    hostNameservers: [
      { value: '192.0.2.54', nodes: 2 },
      { value: '192.0.2.53', nodes: 1 },
    ],
    clusterDomains: [{ value: 'cluster.local', nodes: 3 }],
    localAddresses: ['169.254.20.10'],
    pods: 3,
  })
})

t.test(
  'a search list that DNS cannot carry tells no cluster domain: agents would refuse every plan with it',
  async (t) => {
    const odd = ['svc.a..b', `svc.${'x'.repeat(64)}`, 'svc.'].map((domain) =>
      podAgent('node-1', '10.96.0.10', { resolvConf: resolvConfOf({ search: [domain] }) }),
    )
    t.strictSame(seenByAgents(odd).clusterDomains, [])
  },
)

t.test('addresses of a node itself', async (t) => {
  for (const address of ['169.254.20.10', 'fe80::1', 'FEB0::1']) t.equal(isLinkLocal(address), true, address)
  for (const address of ['10.0.0.1', '169.25.4.1', 'fd00::1', 'fec0::1']) t.equal(isLinkLocal(address), false, address)
})
