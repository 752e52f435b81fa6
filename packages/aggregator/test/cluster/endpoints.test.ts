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
