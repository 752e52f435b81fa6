// Whose token is not verified any more: revoked ones are refused soon, those that cannot be asked about wait. And the shared secret.
import t from 'tap'
import { aggregatorPod } from './aggregator.ts'
import { kubectl, now, sleep } from './commands.ts'
import { agentsReady, deleteAgents, nodeNames } from './nodes.ts'
import { scrape, sumOf } from './pod-metrics.ts'
import { openWay } from './port-forward.ts'
import { installed, isWell, NAMESPACE, report, uninstall, until } from './release.ts'
import { agentPodOn, pushAs, tokenFor } from './tokens.ts'

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

/** A good token is asked about again after 5 to 10 minutes. */
const REVOKED_WITHIN_SECONDS = 620

t.test('a shared secret', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const [node = ''] = await nodeNames()
  await installed(t, '--set', 'auth.mode=shared-secret')
  const way = await openWay()
  t.teardown(way.close)
  t.equal(await pushAs(way.url, node, null), 401, 'no secret')
  t.equal(await pushAs(way.url, node, 'guessed'), 401, 'a wrong one')
  await uninstall()
})

t.test('tokens', { timeout: HOUR_MILLISECONDS }, async (t) => {
  const [node = ''] = await nodeNames()
  await installed(t)

  await t.test('nobody can be asked about them', async (t) => {
    const bringBack = await takeReviewsAway()
    t.teardown(bringBack)
    await deleteAgents(node)
    await sleep(1)
    await agentsReady(node, 60)
    const { expected } = (await report()).verdict.agents
    await until('the new ones wait', 90, ({ verdict }) => verdict.agents.reporting === expected - 2)
    await sleep(30)
    t.equal((await report()).verdict.agents.reporting, expected - 2, 'those that are known go on')
    const metrics = await scrape(NAMESPACE, (await aggregatorPod()).name, '8530')
    t.equal(sumOf(metrics, 'oddnode_agents', 'status="rejected"'), 2)
    t.ok(sumOf(metrics, 'oddnode_pushes_rejected_total', 'reason="unverified"') > 0)
    t.equal(sumOf(metrics, 'oddnode_pushes_rejected_total', 'reason="unauthorised"'), 0, 'nobody is called a stranger')
    await bringBack()
    await until('the new ones are let in', 60, ({ verdict }) => verdict.agents.reporting === expected)
  })

  await t.test('one is revoked: the pod that it is bound to is deleted', async (t) => {
    const way = await openWay()
    t.teardown(way.close)
    const token = await tokenFor('oddnode', await agentPodOn(node))
    const push = () => pushAs(way.url, node, token)
    t.equal(await push(), 400, 'it is good')
    await deleteAgents(node)
    const began = now()
    let status = await push()
    for (; status === 400 && now() - began < REVOKED_WITHIN_SECONDS; status = await push()) await sleep(5)
    t.equal(status, 401)
    t.comment(`refused ${(now() - began).toFixed(0)} s after its pod was deleted`)
    await until('the new agents report', 90, isWell)
  })
  await uninstall()
})

/** Without the right to ask, the answer is as good as none. @returns how to give it back */
async function takeReviewsAway(): Promise<() => Promise<void>> {
  const role = `clusterrole/oddnode-aggregator-${NAMESPACE}`
  const rules = await kubectl('get', role, '-o', 'jsonpath={.rules}')
  const patch = (value: unknown) =>
    kubectl('patch', role, '--type=json', '--patch', JSON.stringify([{ op: 'replace', path: '/rules', value }]))
  const all = JSON.parse(rules) as { resources: string[] }[]
  await patch(all.filter(({ resources }) => !resources.includes('tokenreviews')))
  return async () => void (await patch(all))
}
