import t from 'tap'
import { agentKey } from '../src/fleet.ts'
import { endpointsOf, isDown, lossOfPods, lossOnTheWay } from '../src/usual-loss.ts'
import { faultPlanInput, planWith, targetAt } from './faults/fault-plan.ts'
import type { Sees } from './faults/fault-world.ts'
import { deadPods, lossyNode } from './faults/random-loss.ts'
import { viewAfter } from './faults/sight-of.ts'
import { present } from './world.ts'

const pod = targetAt('endpoint', '10.244.3.2')
const agentOf = (view: ReturnType<typeof viewAfter>, node = 'node-2') =>
  present(view.fleet.agents.get(agentKey(node, 'pod')))

t.test('a ClusterIP loses what CoreDNS pods lose', async (t) => {
  const well = viewAfter(() => null)
  t.equal(lossOfPods(well.fleet, agentOf(well)), 0)
  const view = viewAfter(deadPods(1, [pod.address], 0.5))
  t.equal(lossOfPods(view.fleet, agentOf(view)), 0.5)
  t.equal(lossOfPods(view.fleet, agentOf(view), 'tcp'), 0.5)
  t.same(
    endpointsOf(view.fleet)
      .filter((one) => isDown(view.fleet, one))
      .map(({ address }) => address),
    [pod.address],
  )
})

t.test('of a pod that it does not ask it counts what others see', async (t) => {
  const { targets } = faultPlanInput('pod')
  const plan = (vantage: 'host' | 'pod', node: string) =>
    planWith({ targets: targets.filter(({ address }) => node !== 'node-2' || address !== pod.address) })(vantage)
  const view = viewAfter(deadPods(1, [pod.address], 0.5), { plan })
  t.equal(lossOfPods(view.fleet, agentOf(view)), 0.5)
})

t.test('a way that loses packets loses them to other servers as well', async (t) => {
  const lost = (sees: Sees) => {
    const view = viewAfter(sees, { rounds: 12 } as Parameters<typeof viewAfter>[1])
    return lossOnTheWay(view, agentOf(view), { transport: 'udp', servers: [pod], since: view.at - 90 })
  }
  t.equal(
    lost(() => null),
    0,
  )
  const share = lost(lossyNode(5, 'node-2', 0.4))
  t.ok(share > 0.3 && share < 0.9, String(share))
  t.equal(
    lost((_, { role }) => (role === 'cluster-dns' || role === 'endpoint' ? 'timeout' : null)),
    0,
    'what is cut off loses nothing on the way',
  )
  t.equal(lost(deadPods(1, [pod.address], 0.5)), 0, 'nor what leads to a server that is')
})
