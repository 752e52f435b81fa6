import t from 'tap'
import { changedAtOf, endpointsOf, keepSlice } from '../../src/cluster/endpoints.ts'
import { recorded } from '../kubernetes/api-server.ts'

t.test('endpoints as a real API has them', async (t) => {
  const slices = recorded('slices').items.map(keepSlice)
  t.match(slices, [{ family: 'IPv4', changedAt: Number }])
  t.match(
    endpointsOf(slices, (pod) => pod.length),
    [
      {
        address: '198.19.65.2',
        pod: /^coredns-/,
        node: 'node-1',
        zone: 'zone-1',
        ready: true,
        terminating: false,
        createdAt: Number,
      },
      { address: '198.19.66.2', node: 'node-2', zone: 'zone-2' },
    ],
  )
  t.equal(changedAtOf(slices), slices[0]?.changedAt)
})

const slice = (address: string, conditions: object, changedAt?: string) =>
  keepSlice({
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions }],
    ...(changedAt === undefined
      ? {}
      : { metadata: { annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': changedAt } } }),
  })

t.test('pods that listen on another port than the Service', async (t) => {
  const portOf = (...ports: { name?: string; protocol?: string; port?: number }[]) =>
    keepSlice({ addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports }).endpoints[0]?.port
  const metrics = { name: 'metrics', protocol: 'TCP', port: 9154 }
  t.equal(
    portOf(metrics, { name: 'dns', protocol: 'UDP', port: 5353 }, { name: 'dns-tcp', protocol: 'TCP', port: 5353 }),
    5353,
  )
  t.equal(portOf({ name: 'dns', protocol: 'UDP', port: 53 }, metrics), undefined, '53 goes without saying')
  t.equal(portOf(metrics, { name: 'udp-1', protocol: 'UDP', port: 1053 }), 1053, 'a Service that calls it otherwise')
  t.equal(portOf({ protocol: 'UDP' }), undefined)
  t.equal(portOf(), undefined)
})

t.test('what is not said counts as ready', async (t) => {
  t.match(
    endpointsOf([slice('10.0.0.1', {})], () => null),
    [{ ready: true, terminating: false, pod: null, node: null, zone: null, createdAt: null }],
  )
  t.match(
    endpointsOf([slice('10.0.0.1', { ready: false, terminating: true })], () => null),
    [{ ready: false, terminating: true }],
  )
  t.strictSame(
    endpointsOf([keepSlice({})], () => null),
    [],
  )
})

t.test('an address that moves between slices is one endpoint', async (t) => {
  const going = slice('10.0.0.1', { ready: false, terminating: true })
  const coming = slice('10.0.0.1', { ready: true })
  for (const slices of [
    [going, coming],
    [coming, going],
  ]) {
    t.match(
      endpointsOf(slices, () => null),
      [{ ready: true, terminating: false }],
    )
    t.equal(endpointsOf(slices, () => null).length, 1)
  }
})

t.test('when they last changed', async (t) => {
  t.equal(changedAtOf([slice('10.0.0.1', {})]), null)
  t.equal(
    changedAtOf([slice('10.0.0.1', {}, '2026-11-21T15:00:00Z'), slice('10.0.0.2', {}, '2026-11-21T15:03:48Z')]),
    1_795_273_428,
  )
})
