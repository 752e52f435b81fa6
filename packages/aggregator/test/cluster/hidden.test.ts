import t from 'tap'
import { hiddenOf, watchOf } from '../../src/cluster/hidden.ts'
import { closeWatches, createWatches } from '../../src/cluster/watches.ts'
import { until } from '../kubernetes/api-server.ts'
import { connect } from '../kubernetes/connect.ts'
import { paths, startRecordedCluster } from './recorded-cluster.ts'

type Test = Parameters<typeof connect>[0]

async function watching(t: Test, denied: readonly string[]) {
  const server = await startRecordedCluster(t)
  server.answer = ({ path }) => (denied.includes(path) ? { status: 403, body: { message: 'forbidden' } } : null)
  const watches = createWatches(connect(t, server.address), () => undefined)
  t.teardown(() => closeWatches(watches))
  watches.daemonSets.follow('kube-system')
  return { server, watches }
}

t.test('nothing is hidden', async (t) => {
  const { watches } = await watching(t, [])
  await until('all are listed', () => Object.values(watches).every((watch) => watchOf(watch)?.isListed() ?? true))
  t.strictSame(hiddenOf(watches), [])
  t.equal(watchOf(watches.slices), null)
})

t.test('what is forbidden, and what that hides', async (t) => {
  const { watches } = await watching(t, [paths.clusterRoles, paths.daemonSets])
  await until(
    'both are denied',
    () => watches.corednsRights.trouble() !== null && watchOf(watches.daemonSets)?.trouble() !== null,
  )
  t.strictSame(hiddenOf(watches), [
    "The Kubernetes API does not let DaemonSets, ClusterRole system:coredns be read (403 forbidden); hidden: node-local DNS's arguments, whether CoreDNS may read what it serves.",
  ])
})

t.test('an API that is away: one sentence', async (t) => {
  const { server, watches } = await watching(t, [])
  await until('all are listed', () => Object.values(watches).every((watch) => watchOf(watch)?.isListed() ?? true))
  await server.goAway()
  await until('all have noticed', () =>
    Object.values(watches).every((watch) => watchOf(watch) === null || watchOf(watch)?.trouble() !== null),
  )
  const hidden = hiddenOf(watches)
  t.equal(hidden.length, 1)
  t.match(
    hidden[0],
    /^The Kubernetes API does not answer for nodes, Services, .*\(no answer from 127\.0\.0\.1:\d+: .*\); what is shown of it is as of the last answer\.$/,
  )
})
