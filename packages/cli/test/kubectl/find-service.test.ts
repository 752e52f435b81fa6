import t from 'tap'
import { findService, flagsOf } from '../../src/kubectl/find-service.ts'
import { serviceList, shows, standIn } from './stand-in.ts'

const { signal } = new AbortController()
const { PATH } = process.env
t.afterEach(() => {
  process.env['PATH'] = PATH
})

const here = { namespace: 'oddnode', name: 'oddnode-aggregator', port: 8530 }
const there = { namespace: 'other', name: 'oddnode-aggregator', port: 8531 }

function cluster(t: Parameters<typeof standIn>[0], get: string) {
  const kubectl = standIn(t, { get })
  process.env['PATH'] = kubectl.path
  return kubectl
}

t.test('by its labels, in all namespaces or in one, with the flags that say which cluster', async (t) => {
  const kubectl = cluster(t, shows(serviceList(here)))
  t.strictSame(await findService({}, signal), here)
  await findService({ namespace: 'oddnode', context: 'prod', kubeconfig: '/k' }, signal)
  const labels = '-l app.kubernetes.io/name=oddnode,app.kubernetes.io/component=aggregator -o json'
  t.strictSame(kubectl.calls(), [
    `get services --all-namespaces ${labels}`,
    `--context prod --kubeconfig /k get services --namespace oddnode ${labels}`,
  ])
  t.strictSame(flagsOf({}), [])
})

t.test('none', async (t) => {
  cluster(t, shows(serviceList()))
  t.match(await findService({}, signal), {
    error: /^no Service of an oddnode aggregator in any namespace .*: is it installed\?$/,
  })
  t.match(await findService({ namespace: 'shop' }, signal), { error: /in the namespace shop/ })
})

t.test('what is no list is said in words, whatever it is', async (t) => {
  for (const output of ['Welcome to kubectl!', '[]', 'null', '"x"', '']) {
    cluster(t, shows(output))
    t.strictSame(await findService({}, signal), {
      error: "cannot look for the aggregator's Service: kubectl printed no JSON",
    })
  }
})

t.test('several', async (t) => {
  cluster(t, shows(serviceList(here, there)))
  t.match(await findService({}, signal), {
    error: 'several aggregators: oddnode/oddnode-aggregator, other/oddnode-aggregator; choose one with -n NAMESPACE',
  })
  t.match(await findService({ namespace: 'oddnode' }, signal), {
    error: /kubectl -n oddnode port-forward service\/oddnode-aggregator 8530:8530/,
  })
})

t.test('no right to look everywhere', async (t) => {
  cluster(t, 'echo "Error from server (Forbidden): services is forbidden: User cannot list" >&2; exit 1')
  t.match(await findService({}, signal), { error: /services is forbidden.*; name the namespace with -n$/ })
  t.notMatch(await findService({ namespace: 'oddnode' }, signal), { error: /with -n$/ })
})

t.test('a Service without a port is none', async (t) => {
  cluster(t, shows('{"items":[{"metadata":{"namespace":"a","name":"b"},"spec":{}},{}]}'))
  t.match(await findService({}, signal), { error: /^no Service/ })
})
