// The life of a release in a real cluster: installed without a value, quiet, within its rights and its cost, upgraded, gone without a trace.
import t from 'tap'
import { kubectl, now } from './commands.ts'
import { type Cost, costs, residentMiB, shares } from './cost.ts'
import { leftovers } from './leftovers.ts'
import { isLong, LEFT } from './long.ts'
import { agentPods, nodeNames } from './nodes.ts'
import { openWay } from './port-forward.ts'
import {
  createNamespace,
  findingsWithin,
  helmTest,
  install,
  isWell,
  NAMESPACE,
  openFindings,
  remove,
  uninstall,
  until,
  upgrade,
} from './release.ts'
import { documentedRights, rightsOf } from './rights.ts'
import { agentPodOn, pushAs, tokenFor } from './tokens.ts'

const QUIET_SECONDS = isLong ? 600 : 60
const AGENT_GOAL_MIB = 64

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

t.test('a release', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const nodes = await nodeNames()
  await createNamespace()
  t.teardown(remove)
  const began = now()
  await install()

  await t.test('every node and both vantages report within 60 s, and nothing is found', async (t) => {
    const reporting = await until('all report', 60, ({ verdict }) => verdict.agents.reporting === 2 * nodes.length)
    t.comment(`all ${2 * nodes.length} agents report after ${(now() - began).toFixed(0)} s`)
    t.strictSame(reporting.report.nodes.map(({ name }) => name).sort(), nodes)
    const { report } = await until('all are well', 120, isWell)
    t.comment(`all are well after ${(now() - began).toFixed(0)} s: ${report.verdict.sentence}`)
    t.strictSame(openFindings(report), [])
  })

  await t.test('helm test', async (t) => {
    t.match(await helmTest(), /Phase:\s+Succeeded/)
  })

  await t.test('service accounts have the rights that the documentation lists, and no other', async (t) => {
    for (const namespace of ['default', 'kube-node-lease', 'kube-system', NAMESPACE]) {
      const documented = documentedRights(namespace, ['kube-system'])
      t.strictSame(await rightsOf('oddnode-aggregator', namespace), documented, `aggregator in ${namespace}`)
      t.strictSame(await rightsOf('oddnode-agent', namespace), [], `agents in ${namespace}`)
    }
  })

  await t.test('an agent pushes for its own node, and nobody else does', async (t) => {
    const [one = '', another = ''] = nodes
    const way = await openWay()
    t.teardown(way.close)
    const pod = await agentPodOn(one)
    const push = (node: string, token: string | null) => pushAs(way.url, node, token)
    t.equal(await push(one, null), 401, 'no token')
    t.equal(await push(one, 'guessed'), 401, 'what is no token')
    t.equal(await push(one, await tokenFor('https://kubernetes.default.svc', pod)), 401, 'a token for somebody else')
    t.equal(await push(one, await tokenFor('oddnode')), 403, 'a token that is bound to no node')
    const own = await tokenFor('oddnode', pod)
    t.equal(await push(another, own), 403, "an agent's real token, for another node")
    t.equal(await push(one, own), 400, 'for its own node it is let in, and then told what is wrong with the round')
  })

  await t.test(`${QUIET_SECONDS} quiet seconds`, async (t) => {
    if (!isLong) t.comment(`${LEFT}: ten quiet minutes`)
    const [before, beganAt] = [await costs(nodes), now()]
    t.strictSame(await findingsWithin(QUIET_SECONDS), [])
    const after = await costs(nodes)
    const restarts = await kubectl(
      '-n',
      NAMESPACE,
      'get',
      'pods',
      '-o',
      'jsonpath={.items[*].status.containerStatuses[*].restartCount}',
    )
    t.match(restarts, /^0( 0)*$/, 'no container was started again')
    const seconds = now() - beganAt
    const shareOf = await shares()
    for (const { pod, container, workingSetMiB, cpuSeconds } of after) {
      const resident = await residentMiB(pod, container === 'agent' ? '9530' : '8530')
      const millicores = (1000 * (cpuSeconds - cpuIn(before, pod))) / seconds
      t.comment(
        `${pod}: ${workingSetMiB.toFixed(1)} MiB working set, ${resident.toFixed(1)} MiB resident, ${millicores.toFixed(1)}m CPU`,
      )
      if (container === 'agent') t.ok(resident <= AGENT_GOAL_MIB, `${pod} within ${AGENT_GOAL_MIB} MiB`)
      const { requestMillicores, requestMiB, limitMiB } = shareOf.get(container) ?? missing(container)
      t.ok(millicores <= requestMillicores, `${pod} within its request of ${requestMillicores}m CPU`)
      // A node counts with this for the pod, and asks it to leave first where it takes more.
      t.ok(workingSetMiB <= requestMiB, `${pod} within its request of ${requestMiB} MiB`)
      // Whoever reads a page of the binary first is charged with it: any container may come to pay for all of its own.
      t.ok(resident <= limitMiB, `${pod} within its limit of ${limitMiB} MiB, with all pages of its binary`)
    }
  })

  await t.test('an upgrade that replaces every agent makes no finding', async (t) => {
    const before = new Set(await agentPods())
    await upgrade('--set', 'agent.logLevel=debug')
    t.strictSame(await findingsWithin(30 + 20 * nodes.length), [])
    await kubectl('-n', NAMESPACE, 'rollout', 'status', 'daemonset', '--timeout=60s')
    const after = await agentPods()
    t.equal(after.length, before.size)
    t.notOk(
      after.some((pod) => before.has(pod)),
      'every agent is a new one',
    )
    await until('all are well again', 90, isWell)
  })

  await t.test('uninstall leaves nothing behind', async (t) => {
    await uninstall()
    t.strictSame(await leftovers(), [])
  })
})

function missing(container: string): never {
  throw new Error(`no container ${container} is in the pods`)
}

const cpuIn = (costs: readonly Cost[], pod: string) => costs.find((cost) => cost.pod === pod)?.cpuSeconds ?? 0
