import t from 'tap'
import { eventsOf, keepEvent } from '../../src/cluster/event.ts'
import { recorded } from '../kubernetes/api-server.ts'

/** As kubelet writes it (Kubernetes 1.34). */
const forming = {
  metadata: { name: 'agent.1', namespace: 'oddnode', creationTimestamp: '2026-11-21T15:00:00Z' },
  reason: 'DNSConfigForming',
  message:
    'Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 192.0.2.1',
  involvedObject: { kind: 'Pod', name: 'oddnode-agent-host-x', namespace: 'oddnode' },
  source: { host: 'node-2' },
  lastTimestamp: '2026-11-21T15:03:48Z',
}

t.test('what kubelet says of resolv.conf', async (t) => {
  t.strictSame(keepEvent(forming), {
    reason: 'DNSConfigForming',
    node: 'node-2',
    pod: 'oddnode/oddnode-agent-host-x',
    message: forming.message,
    lastSeenAt: 1_795_273_428,
  })
  t.strictSame(
    recorded('events').items.flatMap((event) => keepEvent(event) ?? []),
    [],
    'and nothing else',
  )
})

t.test('whichever time it has, and whoever reports it', async (t) => {
  const { source: _, ...newer } = forming
  t.match(
    keepEvent({ ...newer, lastTimestamp: null, eventTime: '2026-11-21T15:03:48.000000Z', reportingInstance: 'node-3' }),
    {
      lastSeenAt: 1_795_273_428,
      node: 'node-3',
    },
  )
  t.match(keepEvent({ ...newer, lastTimestamp: null }), { lastSeenAt: 1_795_273_200, node: null })
  t.match(keepEvent({ ...forming, series: { lastObservedTime: '2026-11-21T16:00:00Z' } }), {
    lastSeenAt: 1_795_276_800,
  })
})

t.test('the latest first', async (t) => {
  const at = (lastSeenAt: number) => ({
    reason: 'MissingClusterDNS' as const,
    node: null,
    pod: 'n/p',
    message: '',
    lastSeenAt,
  })
  t.strictSame(
    eventsOf([at(1), at(3), at(2)], []).map(({ lastSeenAt }) => lastSeenAt),
    [3, 2, 1],
  )
  t.equal(
    eventsOf(
      Array.from({ length: 999 }, (_, i) => at(i)),
      [],
    ).length,
    256,
  )
})

t.test('what was said of a pod that is gone is past', async (t) => {
  const of = (pod: string) => ({ reason: 'DNSConfigForming' as const, node: null, pod, message: '', lastSeenAt: 1 })
  const events = [of('oddnode/old'), of('oddnode/new')]
  t.strictSame(eventsOf(events, [{ namespace: 'oddnode', name: 'new' }]), [of('oddnode/new')])
  t.equal(eventsOf(events, []).length, 2, 'where pods may not be read all count')
})
