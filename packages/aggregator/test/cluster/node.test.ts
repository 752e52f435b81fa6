import t from 'tap'
import { clusterNodes, differingLabels, type KeptNode, keepNode } from '../../src/cluster/node.ts'
import type { KubernetesNode } from '../../src/kubernetes/objects.ts'
import { recorded } from '../kubernetes/api-server.ts'

const node = (labels: Record<string, string>, changed: Partial<KubernetesNode> = {}): KeptNode => {
  const kept = keepNode({ metadata: { name: 'node-1', labels }, ...changed })
  if (kept === null) throw new Error('a node has a name')
  return kept
}

t.test('a node as a real API has it', async (t) => {
  const [first] = recorded('nodes').items.map((object) => keepNode(object))
  t.match(first, {
    name: 'node-1',
    ready: true,
    cordoned: false,
    createdAt: Number,
    attributes: {
      zone: 'zone-1',
      kernel: /^\d/,
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      kubelet: 'v1.34.4',
      containerRuntime: 'containerd://1.6.20',
      architecture: 'amd64',
    },
    group: 'linux',
    runsAgents: true,
  })
  t.equal(keepNode({}), null)
})

t.test('what is not known is not ready, and not there', async (t) => {
  t.match(node({}), { ready: false, attributes: {}, group: '', createdAt: null })
  const unknown = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] }, spec: { unschedulable: true } }
  t.match(node({}, unknown), { ready: false, cordoned: true })
})

t.test('groups: operating system, roles and pool', async (t) => {
  const linux = { status: { nodeInfo: { operatingSystem: 'linux' } } }
  const role = (name: string) => ({ [`node-role.kubernetes.io/${name}`]: '' })
  t.equal(node({ ...role('master'), ...role('control-plane') }, linux).group, 'linux control-plane master')
  t.equal(node({ 'eks.amazonaws.com/nodegroup': 'gpu' }, linux).group, 'linux gpu')
  t.equal(node({ 'karpenter.sh/nodepool': 'spot', 'cloud.google.com/gke-nodepool': 'x' }).group, 'spot')
})

t.test('agents are expected where a DaemonSet puts them', async (t) => {
  t.equal(node({ 'kubernetes.io/os': 'windows' }).runsAgents, false)
  t.equal(node({}, { status: { nodeInfo: { operatingSystem: 'windows' } } }).runsAgents, false)
  t.equal(node({ type: 'virtual-kubelet' }).runsAgents, false)
  t.equal(node({ 'eks.amazonaws.com/compute-type': 'fargate' }).runsAgents, false)
})

t.test('labels that some share and others do not', async (t) => {
  const labels = (all: Record<string, string>[]) => differingLabels(all.map((one) => ({ labels: one })))
  t.strictSame(
    labels([
      { rack: 'a', serial: '1', same: 'x', 'kubernetes.io/hostname': 'a', edge: '' },
      { rack: 'a', serial: '2', same: 'x', 'kubernetes.io/hostname': 'b', edge: '' },
      { rack: 'b', serial: '3', same: 'x', 'kubernetes.io/hostname': 'b' },
    ]),
    ['edge', 'rack'],
  )
  t.strictSame(labels([]), [])
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`label-${i}`, 'x']))
  t.equal(labels([many, many, {}]).length, 16)
})

t.test('nodes as the diagnosis takes them', async (t) => {
  const kept = ['node-2', 'node-1', 'node-3'].map((name, i) => ({
    ...node({ rack: i < 2 ? 'a' : 'b' }),
    name,
    runsAgents: name !== 'node-3',
  }))
  const nodes = clusterNodes(kept, ['pod', 'host'], new Map([['node-1', 'cilium:v1.16.5']]))
  t.match(nodes, [
    { name: 'node-1', attributes: { cni: 'cilium:v1.16.5', rack: 'a' }, expected: ['host', 'pod'] },
    { name: 'node-2', attributes: { rack: 'a' } },
    { name: 'node-3', attributes: { rack: 'b' }, expected: [] },
  ])
  t.notOk(nodes.some((one) => 'labels' in one || 'runsAgents' in one))
})
