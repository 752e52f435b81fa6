// A larger cluster: from install to verdict, a fault on one node and on several, and how much each CoreDNS pod is asked.
import type { Report, Role } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { now } from './commands.ts'
import { queriesPerSecond } from './coredns-load.ts'
import { coreDnsPods, spreadCoreDns, undoCoreDns, whyNoCoreDns } from './dns-servers.ts'
import { heal, makeFault, whyNoFaults } from './faults-command.ts'
import { nodeNames } from './nodes.ts'
import { createNamespace, install, isWell, openFindings, remove, uninstall, until, upgrade } from './release.ts'

const FEWEST_NODES = 10
/** From the end of `helm install`, which waits for no pod. */
const REPORTING_SECONDS = 60
const HARD_SECONDS = 45
const MEASURED_SECONDS = 90
const SMALL_BUDGET = 8
/** Three rounds of which each is every fourth, and the drift of an agent. */
const RARE_SECONDS = 300
/** Agents drift: in a minute some do one round more. */
const SPREAD = 1.2

const HOUR_MILLISECONDS = 3_600_000
t.setTimeout(HOUR_MILLISECONDS)

const names = await nodeNames()
const skip = names.length < FEWEST_NODES ? `there are ${names.length} nodes, and it takes ${FEWEST_NODES}` : false

t.test('many nodes', { skip, timeout: HOUR_MILLISECONDS }, async (t) => {
  if (!(await whyNoCoreDns())) {
    t.teardown(undoCoreDns)
    await spreadCoreDns()
  }
  const before = await queriesPerSecond(MEASURED_SECONDS / 3)
  await createNamespace()
  t.teardown(remove)
  await install()
  const began = now()

  await t.test(`both agents of ${names.length} nodes report within ${REPORTING_SECONDS} s`, async (t) => {
    await until('all report', REPORTING_SECONDS, ({ verdict }) => verdict.agents.reporting === 2 * names.length)
    t.pass(`all ${2 * names.length} agents report ${(now() - began).toFixed(0)} s after helm install has ended`)
  })
  const { report } = await until('all are well', 180, isWell)
  t.comment(`all are well after ${(now() - began).toFixed(0)} s`)
  t.strictSame(openFindings(report), [])
  t.strictSame(report.nodes.map(({ name }) => name).sort(), names)

  const withDns = new Set((await coreDnsPods()).map(({ node }) => node))
  const victims = names.filter((name) => !withDns.has(name)).slice(0, 3)
  for (const broken of [victims.slice(0, 1), victims])
    await t.test(`a fault on ${broken.length} of ${names.length} nodes`, { skip: whyNoFaults() }, (t) =>
      isNamed(t, broken),
    )

  for (const { budget, change } of [
    { budget: 50, change: async () => {} },
    { budget: SMALL_BUDGET, change: () => upgrade('--set', `budget.queriesPerSecondPerEndpoint=${SMALL_BUDGET}`) },
  ]) {
    await t.test(`a budget of ${budget} queries a second holds`, async (t) => {
      await change()
      const said = new RegExp(`about (\\S+) queries a second .* of ${budget} allowed`)
      const { report: seen } = await until('the report tells of it', 120, ({ checks }) =>
        checks.some(({ detail }) => said.test(detail)),
      )
      const detail = seen.checks.map(({ detail }) => detail).find((text) => said.test(text)) ?? ''
      t.comment(detail)
      await until('all report', 120, ({ verdict }) => verdict.agents.reporting === 2 * names.length)
      const after = await queriesPerSecond(MEASURED_SECONDS)
      for (const [pod, rate] of after) {
        const ours = rate - (before.get(pod) ?? 0)
        t.ok(ours <= budget, `${pod}: ${ours.toFixed(1)} queries a second by its own count`)
        t.ok(ours <= SPREAD * Number(said.exec(detail)?.[1]), 'no more than the report says')
      }
    })
  }
  await t.test(
    'a fault on one node, where the budget makes ClusterIPs and CoreDNS pods rare',
    {
      skip: whyNoFaults(),
    },
    async (t) => {
      await until('every node has looked at the ClusterIP', RARE_SECONDS, hasLookedAt('cluster-dns'))
      await isNamed(t, victims.slice(0, 1))
    },
  )
  await uninstall()
})

/** Named alone and in time, and gone in time: a node's own path is no matter of the budget. */
async function isNamed(t: Test, broken: readonly string[]): Promise<void> {
  t.teardown(() => Promise.all(broken.map(heal)))
  await Promise.all(broken.map((node) => makeFault(node, 'pods-lose-node-local')))
  const found = await until('it is named', HARD_SECONDS, (seen) =>
    openFindings(seen).some(({ scope }) => broken.every((node) => scope.nodes.includes(node))),
  )
  t.comment(`named after ${found.seconds.toFixed(0)} s: ${found.report.verdict.sentence}`)
  const open = openFindings(found.report).map(({ fault, scope }) => ({ fault, kind: scope.kind, nodes: scope.nodes }))
  const kind = broken.length === 1 ? 'node' : 'group'
  t.strictSame(open, [{ fault: 'pods-cannot-reach-node-local-dns', kind, nodes: broken }])
  await Promise.all(broken.map(heal))
  const ended = await until('its end', 60, (seen) => openFindings(seen).length === 0)
  t.comment(`gone ${ended.seconds.toFixed(0)} s after it was healed`)
}

/** Every probe of this role that is asked in rounds has data. */
const hasLookedAt =
  (role: Role) =>
  ({ nodes }: Report): boolean =>
    nodes
      .flatMap(({ agents }) => agents.flatMap(({ probes }) => probes))
      .filter(
        ({ target, question, transport }) => target.role === role && question === 'kubernetes' && transport === 'udp',
      )
      .every(({ state }) => state === 'ok')
