import t from 'tap'
import { inAgent, readInAgent } from '../src/in-agent.ts'
import { faultPlan } from './faults/fault-plan.ts'
import { faultCluster, faultWorld, type Sees, type Setting } from './faults/fault-world.ts'

const pod = (node: string, component: string) =>
  `kubectl -n oddnode exec $(kubectl -n oddnode get pod -o name -l app.kubernetes.io/component=${component} --field-selector spec.nodeName=${node}) --`

t.test('a command in the agent of a node, in Kubernetes', async (t) => {
  const { world } = faultWorld()
  t.equal(inAgent(world.fleet, 'node-2', 'host', 'date -u'), `${pod('node-2', 'agent-host')} date -u`)
  t.equal(inAgent(world.fleet, '$(id)', 'pod', 'date -u'), `${pod("'$(id)'", 'agent-pod')} date -u`)
  const file = faultWorld({ cluster: { ...faultCluster(), source: 'file' } })
  t.equal(inAgent(file.world.fleet, 'node-2', 'host', 'date -u'), null)
  t.equal(inAgent(faultWorld({ cluster: null }).world.fleet, 'node-2', 'host', 'date -u'), null)
  const plan: Setting['plan'] = (vantage) => {
    const given = faultPlan(vantage)
    return { ...given, names: { ...given.names, namespace: null } }
  }
  t.equal(inAgent(faultWorld({ plan }).world.fleet, 'node-2', 'host', 'date -u'), null)
})

t.test('a file of a pod is read in the agent', async (t) => {
  const { fleet } = faultWorld().world
  t.equal(
    readInAgent(fleet, 'in a pod on node-2: cat /etc/resolv.conf # as old as its pod'),
    `${pod('node-2', 'agent-pod')} cat /etc/resolv.conf # as old as its pod`,
  )
  for (const line of ['in a pod on node-2: dig a.', 'on node-2: cat /etc/resolv.conf', 'kubectl get node'])
    t.equal(readInAgent(fleet, line), line)
  const lone = faultWorld({ cluster: null }).world.fleet
  t.equal(readInAgent(lone, 'in a pod on a: cat x'), 'in a pod on a: cat x')
})

/** The first command of the first finding. */
const first = (sees: Sees, setting: Setting = {}) => faultWorld(setting).run(6, sees)[0]?.confirm[0]

t.test('a finding begins with the command that asks its servers again, from where it shows', async (t) => {
  const isCut: Sees = (node, { vantage, role }) =>
    node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null
  t.equal(first(isCut), `${pod('node-2', 'agent-pod')} oddnode check --server 169.254.20.10`)
  t.notMatch(first(isCut, { cluster: { ...faultCluster(), source: 'file' } }), 'kubectl')
})

t.test('names outside the cluster are asked for by the name that oddnode asks for', async (t) => {
  const isLost: Sees = (_, { role, question }) => (role === 'upstream' || question === 'external' ? 'timeout' : null)
  t.equal(first(isLost), `${pod('node-1', 'agent-host')} oddnode check --server 192.0.2.53 --name www.example.com`)
})
