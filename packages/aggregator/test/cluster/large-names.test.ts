import t from 'tap'
import { keepLargeSlice, largeNamesOf } from '../../src/cluster/large-names.ts'

const addresses = (count: number) => Array.from({ length: count }, (_, i) => `192.0.2.${i}`)

t.test('an EndpointSlice of a Service without selector', async (t) => {
  const labels = { 'kubernetes.io/service-name': 'large' }
  const endpoints = [{ addresses: ['192.0.2.1'] }, { addresses: ['192.0.2.2'] }]
  t.strictSame(keepLargeSlice({ metadata: { labels }, addressType: 'IPv4', endpoints }), {
    service: 'large',
    addresses: ['192.0.2.1', '192.0.2.2'],
  })
  t.equal(keepLargeSlice({ metadata: { labels }, addressType: 'IPv6' }), null)
  t.equal(keepLargeSlice({ addressType: 'IPv4' }), null)
})

t.test('how large the answer is', async (t) => {
  // 12 of the header, 33 + 4 of the question, 72 × 16 of the records, 11 of OPT: as CoreDNS answers, counted on the wire.
  t.strictSame(largeNamesOf([{ service: 'large', addresses: addresses(72) }], 'oddnode', 'cluster.local'), [
    { name: 'large.oddnode.svc.cluster.local', octets: 1212 },
  ])
})

t.test('slices of one Service count together, each address once', async (t) => {
  const slices = [
    { service: 'a', addresses: addresses(40) },
    { service: 'b', addresses: addresses(100) },
    { service: 'a', addresses: addresses(60) },
  ]
  const names = largeNamesOf(slices, 'oddnode', 'cluster.local')
  t.match(names, [{ name: /^a\./ }, { name: /^b\./ }])
  t.equal((names[1]?.octets ?? 0) - (names[0]?.octets ?? 0), 640)
})

t.test('what is not large, or has no name', async (t) => {
  t.strictSame(largeNamesOf([{ service: 'small', addresses: addresses(3) }], 'oddnode', 'cluster.local'), [])
  const large = [{ service: 'large', addresses: addresses(72) }]
  t.strictSame(largeNamesOf(large, null, 'cluster.local'), [])
  t.strictSame(largeNamesOf(large, 'oddnode', null), [])
})
