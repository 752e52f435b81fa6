import t from 'tap'
import { cniOf, type KeptPod, keepPod, troublesOf, withoutReplaced } from '../../src/cluster/pod.ts'
import type { Pod } from '../../src/kubernetes/objects.ts'
import { recorded } from '../kubernetes/api-server.ts'

const kept = (name: string): KeptPod[] => recorded(name).items.flatMap((object) => keepPod(object) ?? [])

t.test('pods of a real cluster that are well', async (t) => {
  const pods = kept('system-pods')
  t.strictSame([...new Set(pods.map(({ component }) => component))].sort(), ['coredns', 'node-local-dns'])
  t.match(
    pods.find(({ component }) => component === 'coredns'),
    {
      ready: true,
      reason: null,
      restarts: 0,
      configMaps: ['coredns'],
      node: /^node-/,
      createdAt: Number,
      image: /^coredns:/,
    },
  )
  t.strictSame(troublesOf(pods), [])
})

t.test('pods of a real cluster that are not', async (t) => {
  t.match(troublesOf(kept('agent-pods')), [
    { component: 'agent-host', pod: 'broken', node: 'node-3', reason: 'ErrImageNeverPull' },
    { component: 'agent-host', pod: 'crashing', reason: 'stopped (Error)', restarts: 2 },
    { component: 'agent-host', pod: 'homeless', node: null, reason: /^Pending: 0\/3 nodes are available/ },
  ])
})

const pod = (status: Pod['status'], labels: Record<string, string> = { 'k8s-app': 'kube-dns' }, metadata = {}) =>
  keepPod({ metadata: { name: 'p', namespace: 'n', labels, ...metadata }, ...(status ? { status } : {}) })

t.test('what is wrong, as the API words it', async (t) => {
  const waiting = (reason: string, lastState = {}) => ({
    phase: 'Running',
    containerStatuses: [{ state: { waiting: { reason } }, restartCount: 4, lastState }],
  })
  t.equal(
    pod(waiting('CrashLoopBackOff', { terminated: { reason: 'OOMKilled' } }))?.reason,
    'CrashLoopBackOff (OOMKilled)',
  )
  t.equal(pod(waiting('CrashLoopBackOff', { terminated: { exitCode: 3 } }))?.reason, 'CrashLoopBackOff (exit code 3)')
  t.equal(pod(waiting('ImagePullBackOff'))?.restarts, 4)
  t.equal(pod({ phase: 'Pending', ...waitingToStart })?.reason, 'Pending')
  t.equal(pod({ phase: 'Failed', reason: 'Evicted' })?.reason, 'Failed: Evicted')
  const lost = { state: { terminated: { reason: 'ContainerStatusUnknown', exitCode: 137 } } }
  t.equal(pod({ phase: 'Failed', reason: 'Evicted', containerStatuses: [lost] })?.reason, 'Failed: Evicted')
  t.equal(pod({ phase: 'Failed', message: 'no space left' })?.reason, 'Failed: no space left')
  t.equal(pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] })?.reason, 'running, but not ready')
  t.equal(pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] })?.reason, null)
  t.equal(pod(undefined)?.reason, null)
  const going = { deletionTimestamp: '2026-11-21T15:03:48Z' }
  t.equal(pod({ phase: 'Running' }, undefined, going)?.reason, null, 'on its way out')
})

const waitingToStart = { containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }

t.test('whose pods they are', async (t) => {
  const component = (labels: Record<string, string>) => pod(undefined, labels)?.component ?? null
  t.equal(component({ 'k8s-app': 'node-local-dns' }), 'node-local-dns')
  t.equal(component({ 'k8s-app': 'cilium' }), 'cni')
  t.equal(component({ 'dns.operator.openshift.io/daemonset-dns': 'default' }), 'coredns')
  t.equal(component({ 'app.kubernetes.io/component': 'agent-pod' }), 'agent-pod')
  t.equal(component({ 'app.kubernetes.io/component': 'aggregator' }), null)
  t.equal(component({}), null)
  t.equal(keepPod({ metadata: { labels: { 'k8s-app': 'kube-dns' } } }), null)
})

t.test('the CNI of each node', async (t) => {
  const cilium = keepPod({
    metadata: { name: 'cilium-x', namespace: 'kube-system', labels: { 'k8s-app': 'cilium' } },
    spec: { nodeName: 'node-1', containers: [{ image: 'quay.io/cilium/cilium:v1.16.5@sha256:abc' }] },
  })
  t.strictSame(cniOf(cilium ? [cilium] : []), new Map([['node-1', 'cilium:v1.16.5']]))
  t.strictSame(cniOf(kept('system-pods')), new Map())
})

t.test('pods that ended count only where no other stands in for them', async (t) => {
  const of = (name: string, phase: string, app: string, nodeName: string): KeptPod[] => {
    const labels = { 'k8s-app': app }
    const kept = keepPod({
      metadata: { name, namespace: 'kube-system', labels },
      spec: { nodeName },
      status: { phase },
    })
    return kept === null ? [] : [kept]
  }
  const names = (...pods: KeptPod[][]) => withoutReplaced(pods.flat()).map(({ name }) => name)
  const failed = of('failed', 'Failed', 'kube-dns', 'node-1')
  const pending = of('pending', 'Pending', 'kube-dns', 'node-2')
  t.strictSame(names(failed, pending), ['pending'], 'CoreDNS runs anywhere')
  t.strictSame(names(failed, of('done', 'Succeeded', 'kube-dns', 'node-1')), ['failed', 'done'])
  const cilium = (node: string, phase: string) => of(`${node} ${phase}`, phase, 'cilium', node)
  t.strictSame(
    names(cilium('node-1', 'Failed'), cilium('node-1', 'Running'), cilium('node-2', 'Failed')),
    ['node-1 Running', 'node-2 Failed'],
    'a CNI pod on its node',
  )
})
